using Shouldly;
using Webcluster.Delivery.Providers;
using Webcluster.Queue.Lanes;
using Xunit;

namespace Webcluster.Delivery.Tests.Providers;

public class ProviderBookTests
{
    private readonly ProviderBook _book = new(Books.Setup(
        catalogue:
        [
            new CatalogueProvider { Name = "big", Mx = [".big.test"] }, new CatalogueProvider { Name = "moved", Mx = [".moved.test"] },
        ],
        providers: [new ProviderOptions { Name = "mine", Mx = [".moved.test"] }],
        traffic:
        [
            new TrafficOptions { Domain = "own.test", Connections = 1 },
            new TrafficOptions { Site = "a.site.test,b.site.test", Connections = 1 },
            new TrafficOptions { Provider = "route:*", Connections = 1 },
        ]));

    [Theory]
    [InlineData("to.test", "mx.big.test", "big")]
    [InlineData("to.test", "mx.moved.test", "mine")]
    [InlineData("to.test", "mx.test", "mx.test")]
    [InlineData("to.test", "b.test a.test", "a.test,b.test")]
    [InlineData("to.test", "", "to.test")]
    [InlineData("[192.0.2.1]", "", "[192.0.2.1]")]
    [InlineData("own.test", "mx.big.test", "own.test")]
    [InlineData("own.test", "", "own.test")]
    [InlineData("to.test", "b.site.test a.site.test", "a.site.test,b.site.test")]
    // A host may be called like a provider, or like a domain with limits of its own: it is neither.
    [InlineData("to.test", "big", "site:big")]
    [InlineData("big", "", "site:big")]
    [InlineData("to.test", "own.test", "site:own.test")]
    [InlineData("to.test", "default", "default")]
    public void ProviderOf_DomainAndHosts_IsOwnOrRolledUpOrTheSite(string domain, string hosts, string expected) =>
        _book.ProviderOf(domain, hosts.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(expected);

    [Theory]
    [InlineData("big", true)]
    [InlineData("mine", true)]
    [InlineData("own.test", true)]
    [InlineData("route:*", true)]
    [InlineData("a.site.test,b.site.test", true)]
    [InlineData("mx.test", false)]
    [InlineData("default", false)]
    public void IsNamed_Provider_OnlyWhatConfigurationKnows(string provider, bool expected) => _book.IsNamed(provider).ShouldBe(expected);

    [Fact]
    public void PolicyOf_WhatNoConfigurationNames_IsOneAnswer()
    {
        var first = _book.PolicyOf(new LaneKey("a.test", "a.test", "default"), "s1");
        _book.PolicyOf(new LaneKey("b.test", "b.test", "bulk"), "s2").ShouldBeSameAs(first);
        _book.PolicyOf(new LaneKey("own.test", "b.test", "bulk"), "s2").ShouldNotBeSameAs(first);
    }
}
