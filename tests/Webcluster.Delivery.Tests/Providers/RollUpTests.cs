using Shouldly;
using Webcluster.Delivery.Providers;
using Xunit;

namespace Webcluster.Delivery.Tests.Providers;

public class RollUpTests
{
    private readonly RollUp _rollUp = new(
    [
        new ProviderOptions { Name = "wide", Mx = [".big.test"] },
        new ProviderOptions { Name = "narrow", Mx = [".in.big.test", "one.other.test"], Domains = ["own.test"] },
        new ProviderOptions { Name = "late", Mx = [".big.test"], Domains = ["own.test", "late.test"] },
    ]);

    [Theory]
    [InlineData("a.test", "mx.big.test", "wide")]
    [InlineData("a.test", "mx.in.big.test", "narrow")]
    [InlineData("a.test", "in.big.test", "wide")]
    [InlineData("a.test", "big.test", null)]
    [InlineData("a.test", "notbig.test", null)]
    [InlineData("a.test", "big.test.evil.test", null)]
    [InlineData("a.test", "one.other.test", "narrow")]
    [InlineData("a.test", "two.one.other.test", null)]
    [InlineData("a.test", "mx1.big.test mx2.big.test", "wide")]
    // A foreign host beside one's own does not make one that provider.
    [InlineData("a.test", "mx.big.test mx.evil.test", null)]
    [InlineData("a.test", "mx.evil.test mx.big.test", null)]
    [InlineData("a.test", "mx.big.test mx.in.big.test", null)]
    [InlineData("own.test", "mx.big.test", "narrow")]
    [InlineData("own.test", "", "narrow")]
    [InlineData("sub.own.test", "", null)]
    [InlineData("late.test", "mx.big.test", "late")]
    [InlineData("a.test", "", null)]
    public void Of_DomainAndHosts_IsTheProvider(string domain, string hosts, string? expected) =>
        _rollUp.Of(domain, hosts.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(expected);

    [Theory]
    [InlineData("mx.test", true)]
    [InlineData(".test", true)]
    [InlineData("..test", false)]
    [InlineData(".", false)]
    [InlineData("", false)]
    [InlineData("MX.test", false)]
    [InlineData("*.test", false)]
    [InlineData("bücher.test", false)]
    [InlineData("xn--bcher-kva.test", true)]
    public void IsPattern_Text_IsAHostOrSuffixInLowerCase(string text, bool expected) => RollUp.IsPattern(text).ShouldBe(expected);
}
