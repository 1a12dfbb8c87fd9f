using Shouldly;
using Webcluster.Delivery.Dns;
using Webcluster.TestKit.Metrics;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

public sealed class DnsOptionsTests
{
    [Fact]
    public void Problems_Defaults_AreNone() => new DnsOptions().Problems().ShouldBeEmpty();

    public static TheoryData<string, DnsOptions> Bad => new()
    {
        { "servers", new DnsOptions { Servers = ["192.0.2.1", "dns.example"] } },
        { "timeout", new DnsOptions { Timeout = TimeSpan.Zero } },
        { "timeout", new DnsOptions { Timeout = TimeSpan.FromSeconds(61) } },
        { "attempts", new DnsOptions { Attempts = 0 } },
        { "attempts", new DnsOptions { Attempts = 21 } },
        { "max_in_flight", new DnsOptions { MaxInFlight = 0 } },
        { "cache_entries", new DnsOptions { CacheEntries = 0 } },
        { "min_ttl", new DnsOptions { MinTtl = TimeSpan.FromSeconds(-1) } },
        { "max_ttl", new DnsOptions { MaxTtl = TimeSpan.FromDays(8) } },
        { "negative_ttl_max", new DnsOptions { NegativeTtlMax = TimeSpan.FromSeconds(4) } },
        { "failure_ttl", new DnsOptions { FailureTtl = TimeSpan.FromMinutes(6) } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Problems_BadValue_IsNamed(string key, DnsOptions options) => options.Problems().ShouldHaveSingleItem().Key.ShouldBe(key);

    [Fact]
    public void Resolver_BadOptions_SaysAllOfThem()
    {
        using var meters = new TestMeters();
        var error = Should.Throw<ArgumentException>(() =>
            new DnsResolver(new DnsOptions { Attempts = 0, CacheEntries = 0 }, TimeProvider.System, meters));
        error.Message.ShouldContain("attempts");
        error.Message.ShouldContain("cache_entries");
    }
}
