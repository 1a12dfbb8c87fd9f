using Webcluster.Delivery.Dns;
using Webcluster.TestKit.Dns;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Time;

namespace Webcluster.Delivery.Tests.Dns;

/// <summary>Zone servers, a clock that stands still, and a resolver that asks them.</summary>
internal sealed class ResolverFixture : IAsyncDisposable
{
    public ResolverFixture(int servers = 1, Action<DnsOptions>? configure = null)
    {
        Servers = [.. Enumerable.Range(0, servers).Select(_ => ZoneServer.Start())];
        var options = new DnsOptions { Servers = [.. Servers.Select(s => s.Address)] };
        configure?.Invoke(options);
        Resolver = new DnsResolver(options, Clock, Meters);
    }

    public ManualClock Clock { get; } = new();

    public IReadOnlyList<ZoneServer> Servers { get; }

    public ZoneServer Server => Servers[0];

    public DnsResolver Resolver { get; }

    public TestMeters Meters { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await Resolver.DisposeAsync();
        foreach (var server in Servers) await server.DisposeAsync();
        Meters.Dispose();
    }
}
