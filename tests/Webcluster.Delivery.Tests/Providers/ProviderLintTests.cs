using Shouldly;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Delivery.Tests.Providers;

public class ProviderLintTests
{
    private static readonly ProviderSurroundings Around = new(["*.test", ".routed.test", "exact.test"], ["s1"], ["p1"]);

    public static TheoryData<string, ProviderOptions[]> Providers => new()
    {
        { "", [new() { Name = "known", Limits = new() { Connections = 1 } }] },
        { "", [new() { Name = "default", Rules = [Books.Rule("r", "rate", "421 rate")] }] },
        { "", [new() { Name = "new-1", Mx = [".a.test"] }, new() { Name = "new-2", Mx = [".b.a.test"], Domains = ["a.test"] }] },
        { "providers[0].name: is missing|providers[0].mx: is missing, as is domains: no mail can be of ''. The catalogue has: known",
            [new()] },
        { "providers[0].name: 'A.b' is no name of lower-case letters, digits and hyphens", [new() { Name = "A.b", Mx = ["mx.test"] }] },
        { "providers[0].name: is for every provider, so it has no mx and no domains", [new() { Name = "default", Mx = ["mx.test"] }] },
        { "providers[0].mx: is missing, as is domains: no mail can be of 'new'. The catalogue has: known",
            [new() { Name = "new", Limits = new() { Connections = 1 } }] },
        { "providers[1].name: 'known' is given twice", [new() { Name = "known" }, new() { Name = "known" }] },
        { "providers[1].mx[1]: '.a.test' never applies: provider 'one' has it already",
            [new() { Name = "one", Mx = [".a.test"] }, new() { Name = "two", Mx = [".b.test", ".a.test"] }] },
        { "providers[0].domains[1]: 'a.test' is given twice", [new() { Name = "one", Domains = ["a.test", "a.test"] }] },
        { "providers[0].domains[0]: never applies: mail to 'exact.test' takes a static route; limit provider: 'route:exact.test'",
            [new() { Name = "one", Domains = ["exact.test"] }] },
        { "providers[0].mx[0]: 'MX.test' is no host name or .suffix in lower case", [new() { Name = "one", Mx = ["MX.test"] }] },
        { "providers[0].domains[0]: '.a.test' is no domain in lower case", [new() { Name = "one", Domains = [".a.test"] }] },
        { "providers[0].limits.connections: must be 1 to 1000000|providers[0].per_source.messages_per_connection: must be 1 to 1000000",
            [new() { Name = "known", Limits = new() { Connections = 0 }, PerSource = new() { MessagesPerConnection = 0 } }] },
        { "", [new() { Name = "known", ClientCertificate = new() { Certificate = "c.pem", Key = "k.pem" } }] },
        { "providers[0].client_certificate.certificate: is missing, as is key", [new() { Name = "known", ClientCertificate = new() }] },
        { "providers[0].client_certificate.key: is needed with certificate",
            [new() { Name = "known", ClientCertificate = new() { Certificate = "c.pem" } }] },
        { "providers[0].recipients_per_transaction: must be at least 1", [new() { Name = "known", RecipientsPerTransaction = 0 }] },
    };

    [Theory]
    [MemberData(nameof(Providers))]
    public void Problems_Providers_AreFound(string expected, ProviderOptions[] providers) =>
        Tell(Books.Setup([new CatalogueProvider { Name = "known" }], providers)).ShouldBe(expected);

    public static TheoryData<string, TrafficOptions[]> Traffic => new()
    {
        { "",
            [
                new() { Provider = "known", Connections = 1 }, new() { Provider = "known", Source = "s1", Connections = 1 },
                new() { Pool = "p1", Connections = 1 },
            ] },
        { "", [new() { Provider = "route:.routed.test", Connections = 1 }, new() { Domain = "a.test", Tls = TlsPolicy.Verified }] },
        { "traffic[0].client_certificate: cannot depend on source or pool",
            [new() { Provider = "known", Source = "s1", ClientCertificate = new() { Certificate = "c.pem", Key = "k.pem" } }] },
        { "traffic[0].client_certificate: of a route stands at the route|traffic[0].client_certificate.certificate: is needed with key",
            [new() { Provider = "route:.routed.test", ClientCertificate = new() { Key = "k.pem" } }] },
        { "traffic[0].tls: of a route stands at the route", [new() { Provider = "route:.routed.test", Tls = TlsPolicy.Verified }] },
        { "traffic[0].provider: there is no provider 'knwon' (a place to connect to is named with site); there are: known",
            [new() { Provider = "knwon", Connections = 1 }] },
        { "traffic[0].provider: there is no route with match: 'x.test'", [new() { Provider = "route:x.test", Connections = 1 }] },
        { "traffic[0].provider: 'default' is set in providers: - name: default", [new() { Provider = "default", Connections = 1 }] },
        { "traffic[0].source: there is no source 's2'; there are: s1", [new() { Source = "s2", Connections = 1 }] },
        { "traffic[0].pool: there is no pool 'p2'; there are: p1", [new() { Pool = "p2", Connections = 1 }] },
        { "traffic[0].domain: never applies: mail to 'exact.test' takes a static route; limit provider: 'route:exact.test'",
            [new() { Domain = "exact.test", Connections = 1 }] },
        { "traffic[0].domain: never applies: mail to 'a.routed.test' takes a static route; limit provider: 'route:.routed.test'",
            [new() { Domain = "a.routed.test", Connections = 1 }] },
        { "", [new() { Site = "a.test,b.test", Connections = 1 }, new() { Site = "a.test+9#0123456789ab", Connections = 1 }] },
        { "", [new() { Site = "[192.0.2.1]", Connections = 1 }] },
        { "traffic[0].site: 'b.test,a.test' never applies: the site's name is 'a.test,b.test'",
            [new() { Site = "b.test,a.test", Connections = 1 }] },
        { "traffic[0].site: 'a.test, b.test' is no list of host names in lower case", [new() { Site = "a.test, b.test", Connections = 1 }] },
        { "traffic[1].provider: another entry is for the same: provider known, source s1",
            [new() { Provider = "known", Source = "s1", Connections = 1 }, new() { Source = "s1", Provider = "known", Connections = 2 }] },
        { "traffic[0].provider: is missing, as are site, domain, source and pool; for all traffic, use providers: - name: default",
            [new() { Connections = 1 }] },
        { "traffic[0].provider: the entry sets no limit", [new() { Provider = "known" }] },
        { "traffic[0].pool: cannot have rates: they are counted by provider and source; limit the pool's sources instead",
            [new() { Pool = "p1", Bytes = Rate.Parse("1/s") }] },
        { "traffic[0].tls: cannot depend on source or pool", [new() { Source = "*", Provider = "known", Tls = TlsPolicy.None }] },
        { "traffic[0].domain: 'A.test' is no domain in lower case", [new() { Domain = "A.test", Connections = 1 }] },
    };

    [Theory]
    [MemberData(nameof(Traffic))]
    public void Problems_Traffic_AreFound(string expected, TrafficOptions[] traffic) =>
        Tell(Books.Setup([new CatalogueProvider { Name = "default" }, new CatalogueProvider { Name = "known" }], traffic: traffic))
            .ShouldBe(expected);

    public static TheoryData<string, ReplyRuleOptions[]> Rules => new()
    {
        { "", [Books.Rule("a", "slow", "421 slow"), Books.Rule("b", "rate", "421 rate")] },
        { "rules[0].name: is missing", [Books.Rule("", "slow", "421 slow")] },
        { "rules[0].examples: is missing: at least one reply that the rule must match", [Books.Rule("a", "slow")] },
        { "rules[0].examples[1]: rule 'a' does not match it", [Books.Rule("a", "slow", "421 slow", "421 fast")] },
        { "rules[0].examples[0]: is no refusal: it begins with its code, as in \"421 4.7.0 text\"", [Books.Rule("a", "slow", "slow")] },
        { "rules[1].examples[0]: rule 'a' (providers, one), which is asked before, takes it",
            [Books.Rule("a", "slow", "421 slow"), Books.Rule("b", "very slow", "421 very slow")] },
        { "rules[1].name: 'a' is given twice", [Books.Rule("a", "slow", "421 slow"), Books.Rule("a", "rate", "421 rate")] },
        { "rules[0].text: is missing, as are code and enhanced: the rule would match everything",
            [new() { Name = "a", Examples = ["421 x"] }] },
        { "rules[0].text[0]: must have 1 to 300 characters besides *", [Books.Rule("a", " * ", "421 x")] },
        { "rules[0].code[0]: '321' is no code of a refusal such as 421 or 45x",
            [new() { Name = "a", Code = ["321"], Examples = ["421 x"] }] },
        { "rules[0].enhanced[0]: '4.7' is no enhanced code such as 4.7.28 or 4.7.*",
            [new() { Name = "a", Enhanced = ["4.7"], Examples = ["421 x"] }] },
        { "rules[0].slow_down: must be 0.1 to 0.9", [new() { Name = "a", Text = ["x"], SlowDown = 1, Examples = ["421 x"] }] },
        { "rules[0].slow_down: must be 0.1 to 0.9", [new() { Name = "a", Text = ["x"], SlowDown = double.NaN, Examples = ["421 x"] }] },
        { "rules[0].suspend: must be 1s to 1d", [new() { Name = "a", Text = ["x"], Suspend = TimeSpan.Zero, Examples = ["421 x"] }] },
        { "rules[0].messages_per_connection: must be at least 1",
            [new() { Name = "a", Text = ["x"], MessagesPerConnection = 0, Examples = ["421 x"] }] },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Problems_Rules_AreFound(string expected, ReplyRuleOptions[] rules)
    {
        var prefix = expected.Length == 0 ? "" : "providers[0].";
        var provider = new ProviderOptions { Name = "one", Mx = ["mx.test"], Rules = [.. rules] };
        Tell(Books.Setup(providers: [provider])).ShouldBe(prefix + expected);
    }

    private static string Tell(ProviderSetup setup) =>
        string.Join('|', new ProviderLint(setup, Around).Problems().Select(problem => $"{problem.Key}: {problem.Problem}"));
}
