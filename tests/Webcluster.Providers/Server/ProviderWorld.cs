using System.Net;
using System.Net.Sockets;
using Webcluster.Protocol.Dns;
using Webcluster.Providers.Model;
using Webcluster.TestKit.Dns;

namespace Webcluster.Providers.Server;

/// <summary>
/// All providers of a run, on one port of the addresses 127.1.PROVIDER.HOST, and a DNS server that leads to them by MX and A records. Their
/// time runs faster than the world's.
/// </summary>
internal sealed class ProviderWorld : IAsyncDisposable
{
    /// <summary>Takes everything: mail to its users is reports to senders.</summary>
    public const string ReportsDomain = "reports.example";

    private readonly List<ProviderServer> _servers = [];

    private ProviderWorld(FastClock clock, ZoneServer dns, int port) => (Clock, Dns, Port) = (clock, dns, port);

    public FastClock Clock { get; }

    public ZoneServer Dns { get; }

    public int Port { get; }

    public IReadOnlyList<HostedProvider> Providers { get; private set; } = [];

    public HostedProvider Reports { get; private set; } = null!;

    /// <summary>They begin to listen at once.</summary>
    /// <param name="jumps">The senders' time, where it jumps.</param>
    public static ProviderWorld Start(IEnumerable<ProviderProfile> profiles, double speed, JumpingTime? jumps = null)
    {
        var world = new ProviderWorld(new FastClock(TimeProvider.System, speed), ZoneServer.Start(), FreePort()) { Jumps = jumps };
        world.Providers = [.. profiles.Select((profile, i) => world.Host(profile, i + 1))];
        world.Reports = world.Host(SenderReports, 0);
        return world;
    }

    /// <summary>For programs that start now, so that their time is that of the providers; null: it is the true one.</summary>
    public FastTime? Time => Clock.Speed == 1 ? null : new FastTime(Clock.GetUtcNow() - DateTimeOffset.UtcNow, Clock.Speed);

    /// <summary>The senders' time is not the true one.</summary>
    public bool HasOwnTime => Jumps is not null || Time is not null;

    public DateTimeOffset SendersNow => Jumps?.Now ?? Clock.GetUtcNow();

    public IReadOnlyDictionary<string, string> Environment => Jumps?.Variables ?? Time?.Variables ?? new Dictionary<string, string>();

    private JumpingTime? Jumps { get; init; }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
        await Dns.DisposeAsync();
    }

    private static ProviderProfile SenderReports { get; } = new()
    {
        Name = "reports", Domains = [ReportsDomain], Hosts = ["mx.reports.example"], Limits = new() { },
        Replies = new Dictionary<RefusalKind, ProviderReply> { [RefusalKind.UnknownUser] = new(550, "5.1.1 unknown") }, OffersTls = false,
    };

    private HostedProvider Host(ProviderProfile profile, int number)
    {
        var hosts = profile.Hosts.Select((_, i) => new IPEndPoint(new IPAddress([127, 1, (byte)number, (byte)(i + 1)]), Port)).ToList();
        for (var i = 0; i < hosts.Count; i++) Dns.Add(profile.Hosts[i], DnsType.A, hosts[i].Address.ToString());
        foreach (var domain in profile.Domains)
            for (var i = 0; i < hosts.Count; i++)
                Dns.Add(domain, DnsType.Mx, $"{(i + 1) * 10} {profile.Hosts[i]}");
        var provider = new Provider(profile, Clock);
        _servers.Add(ProviderServer.Start(provider, Clock, hosts.Skip(profile.DeadHosts)));
        return new HostedProvider(provider, hosts);
    }

    private static int FreePort()
    {
        while (true)
        {
            var port = Ports.Free();
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken on another address.
            }
        }
    }
}

/// <param name="Hosts">In the order of preference; dead ones are among them.</param>
internal sealed record HostedProvider(Provider Provider, IReadOnlyList<IPEndPoint> Hosts)
{
    public ProviderProfile Profile => Provider.Profile;

    public ProviderRecord Record => Provider.Record;
}
