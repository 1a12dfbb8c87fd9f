using Shouldly;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Delivery.Tests.Providers;

public class PrecedenceTests
{
    private const string Hosts = "mx1.big.test,mx2.big.test";

    private static readonly LaneKey Big = new("big", Hosts, "default");
    private static readonly LaneKey Own = new("own.test", Hosts, "default");
    private static readonly LaneKey Other = new("mx.test", "mx.test", "default");

    [Fact]
    public void PolicyOf_NothingSaid_IsTheDefaults()
    {
        var policy = Policy(Books.Setup(), Other);
        policy.Provider.ShouldBe(new TrafficLimits { Connections = 10, MessagesPerConnection = 100 });
        policy.Source.ShouldBe(TrafficLimits.None);
        policy.RecipientsPerTransaction.ShouldBe(100);
        policy.Tls.ShouldBe(TlsPolicy.Opportunistic);
        policy.Rules.All.ShouldBeEmpty();
    }

    [Fact]
    public void PolicyOf_ConnectionsOfASource_ReplaceTheDefaultForAll()
    {
        var policy = Policy(Books.Setup([Known(limits => limits.Connections = 5)]), Big);
        policy.Source.Connections.ShouldBe(5);
        policy.Provider.ShouldBe(new TrafficLimits { MessagesPerConnection = 100 });
    }

    [Fact]
    public void PolicyOf_KeyByKey_TheMoreSpecificLayerWins()
    {
        var setup = Books.Setup(
            catalogue: [Known(limits => (limits.Connections, limits.MessagesPerConnection, limits.Messages) = (1, 1, Rate.Parse("1/s")))],
            providers:
            [
                new ProviderOptions
                {
                    Name = "default", RecipientsPerTransaction = 50,
                    PerSource = new LimitOptions { Connections = 2, Bytes = Rate.Parse("9/s") },
                },
                new ProviderOptions { Name = "big", PerSource = new LimitOptions { MessagesPerConnection = 3 } },
            ],
            traffic: [new TrafficOptions { Provider = "big", Source = "*", Messages = Rate.Parse("4/s") }]);
        Policy(setup, Big).Source.ShouldBe(new TrafficLimits
        {
            Connections = 1, MessagesPerConnection = 3, Messages = Rate.Parse("4/s"), Octets = Rate.Parse("9/s"),
        });
        Policy(setup, Big).RecipientsPerTransaction.ShouldBe(50);
        Policy(setup, Other).Source.ShouldBe(new TrafficLimits { Connections = 2, Octets = Rate.Parse("9/s") });
    }

    [Theory]
    [InlineData("mx.test", "default.pem")]
    [InlineData("big", "big.pem")]
    [InlineData("own.test", "own.pem")]
    public void PolicyOf_ClientCertificates_TheMostSpecificIsShown(string provider, string expected)
    {
        var setup = Books.Setup(
            catalogue: [Known(_ => { })],
            providers:
            [
                new ProviderOptions { Name = "default", ClientCertificate = Shown("default.pem") },
                new ProviderOptions { Name = "big", ClientCertificate = Shown("big.pem") },
            ],
            traffic: [new TrafficOptions { Domain = "own.test", ClientCertificate = Shown("own.pem") }]);
        var policy = Policy(setup, new LaneKey(provider, Hosts, "default"));
        policy.ClientCertificate!.Certificate.ShouldBe(expected);
        policy.Settings.Single(setting => setting.Path == "client_certificate").Text.ShouldBe(expected);
    }

    public static TheoryData<string, string, int> Selectors => new()
    {
        // The entries, by selectors; the lane and source; whose connections (their place in the list, from 1) hold.
        { "pool=default source=*|source=s1", "big s1", 2 },
        { "source=s1|pool=default source=*", "big s1", 1 },
        { "source=s1|provider=big source=*", "big s1", 2 },
        { "provider=big source=s1|provider=big source=*", "big s1", 1 },
        { "provider=big source=s1|provider=big source=*", "big s2", 2 },
        { $"provider=big source=s1|site={Hosts} source=*", "big s1", 2 },
        { $"site={Hosts} provider=big source=s1 pool=default|domain=own.test source=*", "own s1", 2 },
        { "domain=own.test source=*|provider=big source=s1 pool=default", "own s1", 1 },
        { "source=*|source=s2", "big s1", 1 },
        { "pool=default source=*|pool=bulk source=*", "big s1", 1 },
    };

    [Theory]
    [MemberData(nameof(Selectors))]
    public void PolicyOf_SeveralEntriesHold_TheMostSpecificWins(string entries, string lane, int expected)
    {
        var setup = Books.Setup([Known(_ => { })], traffic: [.. entries.Split('|').Select((entry, index) => Entry(entry, index + 1))]);
        var question = lane.Split(' ');
        new ProviderBook(setup).PolicyOf(question[0] == "own" ? Own : Big, question[1]).Source.Connections.ShouldBe(expected);
    }

    [Fact]
    public void PolicyOf_EntryWithoutSource_LimitsAllTogether()
    {
        var setup = Books.Setup(
            [Known(limits => limits.Connections = 5)], traffic: [new TrafficOptions { Provider = "big", Connections = 20 }]);
        var policy = Policy(setup, Big, "s1");
        (policy.Provider.Connections, policy.Source.Connections).ShouldBe((20, 5));
    }

    [Fact]
    public void PolicyOf_DomainOfItsOwn_StillHasItsProvidersValuesAndRules()
    {
        var known = Known(limits => limits.MessagesPerConnection = 7);
        known.Tls = TlsPolicy.Required;
        known.Rules = [Books.Rule("r", "slow", "421 slow")];
        var setup = Books.Setup([known], traffic: [new TrafficOptions { Domain = "own.test", Connections = 2 }]);
        var policy = Policy(setup, Own);
        (policy.Provider.Connections, policy.Source.MessagesPerConnection, policy.Tls).ShouldBe((2, 7, TlsPolicy.Required));
        policy.Rules.All.Select(rule => rule.Name).ShouldBe(["r"]);
        // Its limits are its own.
        Policy(setup, Big).Provider.Connections.ShouldBe(10);
    }

    [Theory]
    [InlineData(TlsPolicy.None, TlsPolicy.Required, null, TlsPolicy.Required)]
    [InlineData(TlsPolicy.Verified, TlsPolicy.Required, null, TlsPolicy.Verified)]
    [InlineData(TlsPolicy.Verified, TlsPolicy.Required, TlsPolicy.Opportunistic, TlsPolicy.Opportunistic)]
    [InlineData(TlsPolicy.Required, null, null, TlsPolicy.Required)]
    public void PolicyOf_Tls_TheCatalogueOnlyAsksForMore(TlsPolicy general, TlsPolicy? catalogue, TlsPolicy? operators, TlsPolicy expected)
    {
        var known = Known(_ => { });
        known.Tls = catalogue;
        var setup = Books.Setup([known], [new ProviderOptions { Name = "big", Tls = operators }])
            with { Defaults = new ProviderDefaults(Tls: general) };
        Policy(setup, Big).Tls.ShouldBe(expected);
    }

    [Fact]
    public void PolicyOf_Rules_OperatorsBeforeCatalogue_ProvidersBeforeDefault_NamesOnce()
    {
        var known = Known(_ => { });
        known.Rules = [Books.Rule("a", "x"), Books.Rule("b", "x")];
        var setup = Books.Setup(
            [known, new CatalogueProvider { Name = "default", Rules = [Books.Rule("d", "x"), Books.Rule("b", "x")] }],
            [
                new ProviderOptions { Name = "default", Rules = [Books.Rule("c", "x")] },
                new ProviderOptions { Name = "big", Rules = [Books.Rule("e", "x"), Books.Rule("a", "x")] },
            ]);
        Policy(setup, Big).Rules.All.Select(rule => $"{rule.Name} {rule.Origin}").ShouldBe(
            ["e providers, big", "a providers, big", "b catalogue, big", "c providers, default", "d catalogue, default"]);
    }

    [Fact]
    public void PolicyOf_Settings_SayWhereEachValueComesFrom()
    {
        var known = Known(limits => limits.Connections = 5);
        known.Basis = [new Basis { For = ["per_source.connections"], From = "a paper", Date = "2026-01-02" }];
        var policy = Policy(Books.Setup([known], traffic: [new TrafficOptions { Provider = "big", Bytes = Rate.Parse("50MiB/min") }]), Big);
        policy.Settings.Select(setting => $"{setting.Path} = {setting.Text}: {setting.Origin}").Order().ShouldBe(
        [
            "limits.bytes = 50MiB/min: traffic[0], provider big",
            "limits.messages_per_connection = 100: queue.messages_per_connection",
            "per_source.connections = 5: catalogue, big: a paper, 2026-01-02",
            "recipients_per_transaction = 100: what every server takes (RFC 5321)",
            "tls = opportunistic: delivery.tls",
        ]);
    }

    private static ProviderPolicy Policy(ProviderSetup setup, LaneKey lane, string source = "") =>
        new ProviderBook(setup).PolicyOf(lane, source);

    private static CatalogueProvider Known(Action<LimitOptions> perSource)
    {
        var known = new CatalogueProvider { Name = "big", Mx = [".big.test"] };
        perSource(known.PerSource);
        return known;
    }

    private static TrafficOptions Entry(string selectors, int connections)
    {
        var words = selectors.Split(' ').Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return new TrafficOptions
        {
            Provider = words.GetValueOrDefault("provider", ""), Site = words.GetValueOrDefault("site", ""),
            Domain = words.GetValueOrDefault("domain", ""), Source = words.GetValueOrDefault("source", ""),
            Pool = words.GetValueOrDefault("pool", ""), Connections = connections,
        };
    }

    private static ClientCertificateOptions Shown(string file) => new() { Certificate = file, Key = "key.pem" };
}
