using System.Net;
using Shouldly;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Tests.Providers;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Protocol.Dns;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Routing;
using Xunit;

namespace Webcluster.Delivery.Tests.Routing;

public class DomainRouterTests
{
    private readonly FakeDns _dns = new();
    private readonly ProviderBook _providers = new(Books.Setup(
        catalogue: [new CatalogueProvider { Name = "big", Mx = [".big.test"], Domains = ["big-mail.test"], Tls = TlsPolicy.Required }],
        traffic: [new TrafficOptions { Domain = "own.test", Connections = 1, Tls = TlsPolicy.Verified }]));

    public static TheoryData<string, string> Lists => new()
    {
        // "preference host" ... → the hosts in their order, or what else is known.
        { "10 mx.test", "mx.test" },
        { "20 b.test, 10 a.test, 30 c.test", "a.test b.test c.test" },
        { "0 .", "5.1.10" },
        { "0 ., 10 mx.test", "mx.test" },
        { "10 ., 20 .", "5.4.4" },
        { "10 bad!name.test", "5.4.4" },
        { "10 bad!name.test, 20 mx.test", "mx.test" },
        // rfc5321#5.1: of a list with ourselves in it, only what is better than we are.
        { "10 we.test", "5.4.6" },
        { "10 a.test, 20 we.test, 30 c.test", "a.test" },
        { "20 a.test, 20 we.test", "5.4.6" },
        { "30 a.test, 20 we.test", "5.4.6" },
        { "10 a.test, 20 we.test, 5 we.test", "5.4.6" },
        { "19 a.test, 20 we.test, 40 we.test", "a.test" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Find_MxList(string list, string expected)
    {
        _dns.Mx("to.test", [.. list.Split(", ").Select(item => item.Split(' ')).Select(mx => new MxRecord(ushort.Parse(mx[0]), mx[1]))]);
        Tell(await Router().FindAsync("to.test", CancellationToken.None)).ShouldBe(expected);
    }

    [Fact]
    public async Task Find_NoMx_TheDomainIsItsOwn()
    {
        _dns.Mx("to.test", DnsStatus.NoData).Address("to.test", "192.0.2.1");
        var known = (await Router().FindAsync("to.test", CancellationToken.None)).ShouldBeOfType<DomainRoute.Known>();
        known.Destination.Hosts.ShouldBe([new HostPort("to.test", 2500, null)]);
        known.Destination.Lane.ShouldBe(new LaneKey("to.test", "to.test", "default"));
        known.Destination.IsConfigured.ShouldBeFalse();
    }

    [Theory]
    [InlineData(DnsStatus.NameError, null, "5.1.2")]
    [InlineData(DnsStatus.ServerFailure, null, "not now")]
    [InlineData(DnsStatus.TimedOut, null, "not now")]
    [InlineData(DnsStatus.NoData, DnsStatus.NoData, "5.1.2")]
    [InlineData(DnsStatus.NoData, DnsStatus.NameError, "5.1.2")]
    [InlineData(DnsStatus.NoData, DnsStatus.ServerFailure, "not now")]
    [InlineData(DnsStatus.NoData, DnsStatus.TimedOut, "not now")]
    public async Task Find_NoAnswer_ByWhatIsCertain(DnsStatus mx, DnsStatus? address, string expected)
    {
        _dns.Mx("to.test", mx);
        if (address is { } status) _dns.Address("to.test", status);
        // An address must not be asked for where the MX could not be.
        else _dns.Address("to.test", "192.0.2.1");
        Tell(await Router().FindAsync("to.test", CancellationToken.None)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("[192.0.2.1]", "5.7.1")]
    [InlineData("[127.0.0.1]", "5.7.1")]
    [InlineData("[IPv6:::1]", "5.7.1")]
    [InlineData("[IPv6:::ffff:127.0.0.1]", "5.7.1")]
    [InlineData("[8.8.8.8]", "8.8.8.8")]
    [InlineData("[IPv6:2a00::1]", "2a00::1")]
    [InlineData("[10.1.2.3]", "10.1.2.3")]
    public async Task Find_Literal_ByNetworkWithoutDns(string domain, string expected)
    {
        Tell(await Router().FindAsync(domain, CancellationToken.None)).ShouldBe(expected);
        _dns.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Find_StaticRoute_AsksNobody()
    {
        Tell(await Router(".internal.test").FindAsync("a.internal.test", CancellationToken.None)).ShouldBe("smarthost.test");
        _dns.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Find_EqualPreference_IsShuffledWithin()
    {
        _dns.Mx("to.test", [.. Enumerable.Range(0, 4).Select(i => new MxRecord(10, $"a{i}.test")), new MxRecord(20, "b0.test"),
            new MxRecord(20, "b1.test")]);
        var router = Router();
        var orders = new HashSet<string>();
        for (var i = 0; i < 500; i++)
        {
            var hosts = Tell(await router.FindAsync("to.test", CancellationToken.None)).Split(' ');
            hosts[..4].ShouldAllBe(host => host.StartsWith('a'));
            hosts.Distinct().Count().ShouldBe(6);
            orders.Add(string.Join(' ', hosts));
        }

        // 4! * 2! orders.
        orders.Count.ShouldBe(48);
    }

    [Fact]
    public async Task Find_SameMxSet_IsTheSameLane()
    {
        _dns.Mx("one.test", new MxRecord(10, "a.test"), new MxRecord(20, "b.test"))
            .Mx("two.test", new MxRecord(5, "b.test"), new MxRecord(5, "a.test"));
        var router = Router();
        var one = (await router.FindAsync("one.test", CancellationToken.None)).ShouldBeOfType<DomainRoute.Known>().Destination.Lane;
        one.Site.ShouldBe("a.test,b.test");
        (await router.FindAsync("two.test", CancellationToken.None)).ShouldBeOfType<DomainRoute.Known>().Destination.Lane.ShouldBe(one);
    }

    [Theory]
    // Domain, its MX hosts: provider, site, TLS.
    [InlineData("to.test", "mx1.big.test mx2.big.test", "big mx1.big.test,mx2.big.test Required")]
    [InlineData("to.test", "mx1.big.test mx.elsewhere.test", "mx.elsewhere.test,mx1.big.test mx.elsewhere.test,mx1.big.test Opportunistic")]
    [InlineData("big-mail.test", "mx.elsewhere.test", "big mx.elsewhere.test Required")]
    [InlineData("own.test", "mx1.big.test", "own.test mx1.big.test Verified")]
    [InlineData("to.test", "big", "site:big big Opportunistic")]
    public async Task Find_RollUp_ProviderAndTlsAreTheBooks_SiteIsTheMxSet(string domain, string hosts, string expected)
    {
        _dns.Mx(domain, [.. hosts.Split(' ').Select(host => new MxRecord(10, host))]);
        var destination = (await Router().FindAsync(domain, CancellationToken.None)).ShouldBeOfType<DomainRoute.Known>().Destination;
        $"{destination.Lane.Provider} {destination.Lane.Site} {destination.Tls}".ShouldBe(expected);
    }

    [Fact]
    public async Task Route_WithoutDns_ConfiguredDomainsHaveTheirProvider()
    {
        _dns.Mx("big-mail.test", DnsStatus.ServerFailure).Mx("own.test", DnsStatus.ServerFailure);
        (await LaneAsync("a@big-mail.test")).ShouldBe(new LaneKey("big", "big-mail.test", "default"));
        (await LaneAsync("a@own.test")).ShouldBe(new LaneKey("own.test", "own.test", "default"));
    }

    [Fact]
    public async Task Find_Cancelled_Throws()
    {
        _dns.Gate = new TaskCompletionSource().Task;
        using var cancel = new CancellationTokenSource();
        var finding = Router().FindAsync("to.test", cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(finding);
    }

    [Fact]
    public async Task Route_AtAcceptance_NamesTheLane()
    {
        _dns.Mx("to.test", new MxRecord(10, "mx.test")).Mx("failing.test", DnsStatus.ServerFailure);
        (await RouteAsync("a@to.test")).ShouldBe("mx.test");
        // What is wrong with a domain is delivery's to find: acceptance must not depend on DNS.
        (await RouteAsync("a@failing.test")).ShouldBe("failing.test");
        (await RouteAsync("a@absent.test")).ShouldBe("absent.test");
        (await RouteAsync("a@x.internal.test")).ShouldBe("route:.internal.test");
        (await RouteAsync("a@[8.8.8.8]")).ShouldBe("[8.8.8.8]");
        (await RouteAsync("a@[127.0.0.1]")).ShouldBe("ForbiddenAddressLiteral");
    }

    [Fact]
    public async Task Route_NoDomain_IsRefused() =>
        (await Router().RouteAsync(new("postmaster", ""), CancellationToken.None)).ShouldBe(new RouteResult.Refused(RouteRefusal.NoDomain));

    [Fact]
    public async Task Route_SlowDns_TheDomainStandsForItsSite()
    {
        _dns.Gate = new TaskCompletionSource().Task;
        (await RouteAsync("a@to.test")).ShouldBe("to.test");
    }

    [Fact]
    public async Task Route_Cancelled_Throws()
    {
        _dns.Gate = new TaskCompletionSource().Task;
        using var cancel = new CancellationTokenSource();
        var routing = Router().RouteAsync(Sample.Address("a@to.test"), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(routing);
    }

    private static string Tell(DomainRoute route) => route switch
    {
        DomainRoute.Known known => string.Join(' ', known.Destination.Hosts.Select(host => host.Host)),
        DomainRoute.Impossible impossible => impossible.Status.ToString(),
        DomainRoute.NotNow => "not now",
        _ => "?",
    };

    private async Task<LaneKey> LaneAsync(string address) =>
        (await Router().RouteAsync(Sample.Address(address), CancellationToken.None)).ShouldBeOfType<RouteResult.To>().Lane;

    private async Task<string> RouteAsync(string address) => await Router(".internal.test")
        .RouteAsync(Sample.Address(address), CancellationToken.None) switch
    {
        RouteResult.To to => to.Lane.Site,
        RouteResult.Refused refused => refused.Reason.ToString(),
        _ => "?",
    };

    private DomainRouter Router(params string[] routes)
    {
        var compiled = new StaticRoutes([.. routes.Select(match => new RouteOptions { Match = match, Hosts = ["smarthost.test"] })], _ =>
            "");
        var networks = new NetworkPolicy([IPNetwork.Parse("10.1.0.0/16")], []);
        return new DomainRouter(compiled, _dns, networks,
            new DomainRouterSettings("we.test", 2500, _providers, new Random(7)));
    }
}
