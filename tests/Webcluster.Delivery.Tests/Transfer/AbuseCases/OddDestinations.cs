using System.Net;
using Shouldly;
using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Tests.Providers;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Peers;

namespace Webcluster.Delivery.Tests.Transfer.AbuseCases;

/// <summary>What DNS can say about where mail goes. Aliases are the resolver's to follow: here they are answers like any other.</summary>
internal static class OddDestinations
{
    public static async Task OfEveryKind()
    {
        (await FindAsync(dns => dns.Mx("to.test", new MxRecord(0, ".")))).ShouldBe("never: 5.1.10");
        (await FindAsync(dns => dns.Mx("to.test", new MxRecord(10, "we.test")))).ShouldBe("never: 5.4.6");
        (await FindAsync(dns => dns.Mx("to.test", DnsStatus.NameError))).ShouldBe("never: 5.1.2");
        (await FindAsync(dns => dns.Mx("to.test", DnsStatus.ServerFailure))).ShouldBe("not now");
        (await FindAsync(dns => dns.Mx("to.test", DnsStatus.TimedOut))).ShouldBe("not now");
        (await FindAsync(dns => dns.Mx("to.test", DnsStatus.NoData).Address("to.test", "192.0.2.1")))
            .ShouldBe("Unreachable@Connect to.test");
        (await FindAsync(dns => dns.Mx("to.test", DnsStatus.NoData).Address("to.test", "2001:db8::1")))
            .ShouldBe("Unreachable@Connect to.test");
        foreach (var inside in new[] { "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "203.0.114.9" })
            (await FindAsync(dns => dns.Mx("to.test", new MxRecord(10, "mx.test")).Address("mx.test", inside)))
                .ShouldBe("NoUsableAddress@Resolve mx.test", inside);
        var many = Enumerable.Range(0, 100).Select(i => new MxRecord((ushort)i, $"mx{i}.test")).ToArray();
        (await FindAsync(dns =>
        {
            dns.Mx("to.test", many);
            foreach (var mx in many) dns.Address(mx.Exchange, "192.0.2.1");
        })).ShouldBe("Unreachable@Connect mx4.test");
    }

    private static async Task<string> FindAsync(Action<FakeDns> zone)
    {
        var outbound = new Outbound();
        zone(outbound.Dns);
        // The documentation networks stand for the Internet: nobody is there. Our own address is a public one.
        var networks = new NetworkPolicy([IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("2001:db8::/32")],
            [IPAddress.Parse("203.0.114.9")]);
        var router = new DomainRouter(new StaticRoutes([], _ => ""), outbound.Dns, networks,
            new DomainRouterSettings("we.test", 25, Books.Plain, new Random(1)));
        switch (await router.FindAsync("to.test", CancellationToken.None))
        {
            case DomainRoute.Impossible impossible:
                return $"never: {impossible.Status}";
            case DomainRoute.Known known:
                // From a loopback address nothing can leave this host.
                var source = new Source("loopback", IPAddress.Loopback, IPAddress.IPv6Loopback, Outbound.Client);
                var settings = new ConnectorSettings(outbound.Timeouts, outbound.Clock);
                var opened = await new SmtpConnector(outbound.Dns, networks, new TlsKnowledge(outbound.BrokenTls, outbound.Decider), outbound.Dialer, settings)
                    .OpenAsync(known.Destination, source, CancellationToken.None).Soon();
                return $"{GreetingTests.Tell(opened)} {opened.Host}";
            default:
                return "not now";
        }
    }
}
