using System.Net;
using System.Net.Sockets;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.Providers.Model;
using Webcluster.Providers.Senders;
using Webcluster.Providers.Server;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.EndToEnd.Providers;

/// <summary>The simulated providers over real connections.</summary>
public sealed class ProviderServerTests
{
    private static readonly ProviderProfile Profile = new()
    {
        Name = "test", Domains = ["test.example"], Hosts = ["dead.test.example", "mx.test.example"], DeadHosts = 1,
        Limits = new TrafficLimits { Connections = 2, MessagesPerConnection = 5 },
        Greylisting = TimeSpan.FromMinutes(5),
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [RefusalKind.TooManyConnections] = new(421, "4.7.0 too many", "4.7.0 from {ip}"),
            [RefusalKind.TooManyOnConnection] = new(421, "4.7.0 enough"),
            [RefusalKind.Greylisted] = new(450, "4.2.0 <{rcpt}> greylisted"),
            [RefusalKind.UnknownUser] = new(550, "5.1.1 <{rcpt}> unknown"),
        },
    };

    [Fact]
    public async Task ConnectionBeyondTheLimit_IsToldSo_AndOneThatTheClientHasClosedDoesNotCount()
    {
        await using var world = ProviderWorld.Start([Profile], speed: 60);
        using var first = await ConnectAsync(world);
        using var second = await ConnectAsync(world);
        (await first.LineAsync()).ShouldStartWith("220 ");
        (await second.LineAsync()).ShouldStartWith("220 ");
        using (var third = await ConnectAsync(world))
            (await third.RestAsync()).ShouldBe("421-4.7.0 too many\r\n421 4.7.0 from 127.0.0.1\r\n");
        world.Providers[0].Record.MostConnections.ShouldBe(3);

        for (var i = 0; i < 200; i++)
        {
            first.Dispose();
            using var next = await ConnectAsync(world);
            (await next.LineAsync()).ShouldStartWith("220 ", customMessage: $"after {i} connections closed without QUIT");
            next.Send("EHLO a.example\r\nQUIT\r\n");
        }
    }

    [PeerFact("smtp-source")]
    public async Task Node_FindsThemByMx_AndDeliversInSpiteOfGreylistingAndADeadHost()
    {
        using var folder = new TemporaryFolder();
        await using var world = ProviderWorld.Start([Profile], speed: 60);
        await using var cluster = await NodeCluster.StartAsync(folder, world, [NodeTraffic.Limited("test.example", Profile.Limits)]);
        foreach (var recipient in new[] { "box@test.example", "unknown-user@test.example" })
        {
            var sender = $"sender@{ProviderWorld.ReportsDomain}";
            var ran = await Tool.RunAsync("smtp-source",
                ["-N", "-s", "2", "-m", "20", "-f", sender, "-t", recipient, cluster.Submission.ToString()]);
            ran.ExitCode.ShouldBe(0, ran.ToString());
        }

        var (provider, reports) = (world.Providers[0].Record, world.Reports.Record);
        for (var end = DateTime.UtcNow.AddSeconds(60); provider.Taken < 20 || reports.Failed.Count < 20; await Task.Delay(100))
            DateTime.UtcNow.ShouldBeLessThan(end, $"{provider.Taken} taken, {reports.Failed.Count} failed\n{cluster.Output}");
        provider.Taken.ShouldBe(20);
        provider.MostConnections.ShouldBeLessThanOrEqualTo(2);
        provider.Attempts.ShouldContain(attempt => attempt.Refusal == RefusalKind.Greylisted);
        reports.Failed.ShouldAllBe(recipient => UnknownUsers.IsOne(recipient));
    }

    private static async Task<Line> ConnectAsync(ProviderWorld world)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse("127.1.1.2"), world.Port));
        return new Line(socket);
    }

    private sealed class Line(Socket socket) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        private readonly StreamReader _reader = new(new NetworkStream(socket, ownsSocket: true));

        public async Task<string?> LineAsync() => await _reader.ReadLineAsync().WaitAsync(Patience);

        public Task<string> RestAsync() => _reader.ReadToEndAsync().WaitAsync(Patience);

        public void Send(string octets) => socket.Send(System.Text.Encoding.ASCII.GetBytes(octets));

        public void Dispose() => _reader.Dispose();
    }
}
