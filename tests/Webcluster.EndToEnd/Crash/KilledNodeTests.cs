using System.Globalization;
using System.Net;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Xunit.Abstractions;

namespace Webcluster.EndToEnd.Crash;

/// <summary>
/// Kills the node with -9 while mail comes in and goes out: what got 250 arrives, and at most one mail a connection arrives twice. Longer
/// runs: WEBCLUSTER_CRASH_MESSAGES, WEBCLUSTER_CRASH_KILLS, WEBCLUSTER_CRASH_SEED (tests/crash sets them).
/// </summary>
public sealed class KilledNodeTests(ITestOutputHelper output)
{
    // Connections that a kill can find open: two sites, ten each.
    private const int Connections = 20;

    [PeerFact("smtp-source", "smtp-sink")]
    public async Task KillMinusNine_NothingAcceptedIsLost()
    {
        var kills = Number("WEBCLUSTER_CRASH_KILLS", 3);
        var seed = Number("WEBCLUSTER_CRASH_SEED", Environment.TickCount);
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder);
        await using var greylisting = await SimulatorProcess.StartAsync(folder);
        var settings = Settings(folder, sink.Port, greylisting.Port);
        var load = new SmtpSourceLoad(new IPEndPoint(IPAddress.Loopback, settings.TrustedPort), Number("WEBCLUSTER_CRASH_MESSAGES", 5000));
        var node = await NodeProcess.StartAsync(settings);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var running = load.RunAsync(batch => batch % 4 == 0 ? $"greylist+b{batch}@grey.example" : $"b{batch}@sink.example", stop.Token);

        var chance = new Random(seed);
        for (var kill = 0; kill < kills && !running.IsCompleted; kill++)
        {
            await Task.Delay(chance.Next(300, 1500), stop.Token);
            await node.DisposeAsync();
            node = await NodeProcess.StartAsync(settings);
        }

        await running;
        await using (node)
        {
            for (var i = 0; i < 600 && await node.QueuedAsync() > 0; i++) await Task.Delay(100, stop.Token);
            (await node.QueuedAsync()).ShouldBe(0, "mail is still queued");
            var arrived = await ArrivedAsync(sink, greylisting);
            var twice = arrived.Sum(batch => batch.Value.Count - batch.Value.Distinct().Count());
            output.WriteLine($"seed {seed}: {load.Accepted.Count * SmtpSourceLoad.BatchSize} surely accepted, {kills} kills, {twice} arrived twice (at most {kills * Connections})");
            foreach (var recipient in load.Accepted)
                arrived.GetValueOrDefault(recipient, []).Distinct().Count().ShouldBe(SmtpSourceLoad.BatchSize, $"seed {seed}: mail to {recipient} is lost");
            twice.ShouldBeLessThanOrEqualTo(kills * Connections, $"seed {seed}");
        }
    }

    /// <summary>The Message-IDs that arrived, by recipient.</summary>
    private static async Task<Dictionary<string, List<string>>> ArrivedAsync(SmtpSink sink, SimulatorProcess simulator)
    {
        var arrived = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var mail in sink.Mails()) Add(mail.Recipients[0], mail.Header("Message-Id")!);
        foreach (var message in (await simulator.MessagesAsync()).EnumerateArray())
        {
            var mail = new SunkMail([], await simulator.RawAsync(message.GetProperty("id").ToString()));
            Add(message.GetProperty("recipients")[0].GetString()!, mail.Header("Message-Id")!);
        }

        return arrived;

        void Add(string recipient, string id)
        {
            if (!arrived.TryGetValue(recipient, out var ids)) arrived[recipient] = ids = [];
            ids.Add(id);
        }
    }

    private static NodeSettings Settings(TemporaryFolder folder, int sink, int greylisting) => new(folder)
    {
        More = $"""
            delivery:
              retry:
                first: 500ms
                longest: 2s
                site_pause: 200ms
            routes:
              - match: sink.example
                hosts: ['127.0.0.1:{sink}']
                tls: none
              - match: grey.example
                hosts: ['127.0.0.1:{greylisting}']
                tls: none
            """,
    };

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
