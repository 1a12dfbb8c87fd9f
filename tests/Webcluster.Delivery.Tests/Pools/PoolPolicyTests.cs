using Shouldly;
using Webcluster.Delivery.Pools;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Routing;
using Xunit;

namespace Webcluster.Delivery.Tests.Pools;

public sealed class PoolPolicyTests
{
    private static readonly PoolPolicy Policy = new(
    [
        new() { Users = ["news"], Asked = ["marketing", "warmup"] },
        new() { Destinations = ["strict.example", ".far.example", "yahoo"], Classes = [MailClass.Bulk], Pool = "careful" },
        new() { Users = ["app", "App2"], Pool = "transactional" },
        new() { Tenants = ["acme"], Pool = "acme" },
        new() { SenderDomains = ["News.example", ".mail.example"], Pool = "marketing" },
        new() { Classes = [MailClass.Bulk], Pool = "bulk" },
    ]);

    public static TheoryData<string, MailOrigin, string, string> Rows
    {
        get
        {
            var plain = new MailOrigin("x.example", "", "default", MailClass.Normal);
            return new()
            {
                // What → to which pool.
                { "nothing matches", plain, "to.example", "default" },
                { "user", plain with { User = "app" }, "to.example", "transactional" },
                { "user, the second", plain with { User = "App2" }, "to.example", "transactional" },
                { "user, other case", plain with { User = "App" }, "to.example", "default" },
                { "tenant", plain with { Tenant = "acme" }, "to.example", "acme" },
                { "user before tenant", plain with { User = "app", Tenant = "acme" }, "to.example", "transactional" },
                { "asked and granted", plain with { User = "news", AskedPool = "marketing" }, "to.example", "marketing" },
                { "asked and granted, the second", plain with { User = "news", AskedPool = "warmup" }, "to.example", "warmup" },
                { "asked, not granted to anybody", plain with { User = "news", AskedPool = "transactional" }, "to.example", "default" },
                { "asked, granted to somebody else", plain with { User = "app", AskedPool = "marketing" }, "to.example", "transactional" },
                { "asked by nobody", plain with { AskedPool = "marketing" }, "to.example", "default" },
                { "granted, not asked", plain with { User = "news" }, "to.example", "default" },
                { "sender domain", plain with { SenderDomain = "news.example" }, "to.example", "marketing" },
                { "below the sender domain", plain with { SenderDomain = "a.news.example" }, "to.example", "default" },
                { "sender suffix", plain with { SenderDomain = "a.b.mail.example" }, "to.example", "marketing" },
                { "the suffix itself", plain with { SenderDomain = "mail.example" }, "to.example", "default" },
                { "ends alike", plain with { SenderDomain = "email.example" }, "to.example", "default" },
                { "null reverse-path", plain with { SenderDomain = "" }, "to.example", "default" },
                { "class", plain with { Class = MailClass.Bulk }, "to.example", "bulk" },
                { "destination and class", plain with { Class = MailClass.Bulk }, "strict.example", "careful" },
                { "destination, other class", plain, "strict.example", "default" },
                { "destination below suffix", plain with { Class = MailClass.Bulk }, "a.far.example", "careful" },
                { "destination's provider", plain with { Class = MailClass.Bulk }, "y.example", "careful" },
                { "destination before user", plain with { Class = MailClass.Bulk, User = "app" }, "y.example", "careful" },
                { "report", MailOrigin.Report("acme"), "to.example", "acme" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void PoolFor_FirstRuleThatMatches_Decides(string row, MailOrigin origin, string domain, string expected)
    {
        var provider = domain == "y.example" ? "yahoo" : domain;
        Policy.PoolFor(origin, new LaneKey(provider, domain, "default"), domain).ShouldBe(expected, row);
    }

    [Fact]
    public void PoolFor_SuffixIsNoProvider()
    {
        var policy = new PoolPolicy([new() { Destinations = [".google.com"], Pool = "other" }]);
        policy.PoolFor(MailOrigin.Report("t"), new LaneKey("mx.google.com", "mx.google.com", "default"), "to.example").ShouldBe("default");
    }

    [Fact]
    public void PoolFor_RuleWithoutConditions_TakesEverything() =>
        new PoolPolicy([new() { Pool = "all" }]).PoolFor(MailOrigin.Report("t"), LaneKey.Bounces, "to.example").ShouldBe("all");
}
