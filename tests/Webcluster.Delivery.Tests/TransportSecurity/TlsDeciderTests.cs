using Shouldly;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Protocol.Dns;
using Webcluster.Queue.Messages;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity;

public class TlsDeciderTests
{
    private const string Usable = "3 1 1", Unusable = "1 1 1", Bogus = "bogus", None = "none";

    public static TheoryData<TlsPolicy, string, string, bool, string> Rows => new()
    {
        // The operator's policy, the domain's, the host's TLSA, whether the addresses are signed → the rule.
        { TlsPolicy.Opportunistic, "", None, true, "Opportunistic" },
        { TlsPolicy.Required, "", None, true, "Required" },
        { TlsPolicy.Verified, "", None, true, "Verified" },
        { TlsPolicy.None, "enforce mx.test", Usable, true, "None" },
        { TlsPolicy.Opportunistic, "enforce mx.test", None, true, "Sts" },
        { TlsPolicy.Verified, "enforce mx.test", None, true, "Sts" },
        { TlsPolicy.Opportunistic, "enforce other.test", None, true, "Sts refused ValidationFailure" },
        { TlsPolicy.Opportunistic, "testing other.test", None, true, "Opportunistic" },
        { TlsPolicy.Required, "testing other.test", None, true, "Required" },
        { TlsPolicy.Opportunistic, "", Usable, true, "Dane" },
        { TlsPolicy.Verified, "", Usable, true, "Dane" },
        // DANE goes first.
        { TlsPolicy.Opportunistic, "enforce other.test", Usable, true, "Dane" },
        { TlsPolicy.Opportunistic, "", Unusable, true, "Required" },
        { TlsPolicy.Verified, "", Unusable, true, "Verified" },
        { TlsPolicy.Opportunistic, "enforce mx.test", Unusable, true, "Sts" },
        { TlsPolicy.Opportunistic, "", Bogus, true, "Dane refused DnssecInvalid" },
        // Not signed: nobody asks.
        { TlsPolicy.Opportunistic, "", Bogus, false, "Opportunistic" },
        { TlsPolicy.Opportunistic, "", Usable, false, "Opportunistic" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Decide_ByWhatIsPublished(TlsPolicy policy, string sts, string tlsa, bool isSigned, string expected)
    {
        var dns = new FakeDns { IsSigned = isSigned };
        if (tlsa == Bogus) dns.Tlsa("_25._tcp.mx.test", DnsStatus.ServerFailure);
        else if (tlsa != None) dns.Tlsa("_25._tcp.mx.test", new TlsaRecord((byte)(tlsa[0] - '0'), 1, 1, new byte[32]));
        var demand = new TlsDemand(policy, IsMxAuthentic: true, Policy(sts));
        var decision = await Decider(dns).DecideAsync(demand, new HostPort("mx.test", 25, null), isSigned, CancellationToken.None);
        Tell(decision).ShouldBe(expected);
    }

    [Theory]
    [InlineData(TlsPolicy.Opportunistic, false, "", "Verified refused ValidationFailure")]
    [InlineData(TlsPolicy.Opportunistic, true, "", "Verified")]
    [InlineData(TlsPolicy.None, true, "", "Verified")]
    [InlineData(TlsPolicy.Opportunistic, false, "enforce mx.test", "Sts")]
    [InlineData(TlsPolicy.Opportunistic, false, "testing mx.test", "Verified")]
    [InlineData(TlsPolicy.Opportunistic, false, "testing other.test", "Verified refused ValidationFailure")]
    public async Task Decide_SenderRequiresTls_NeedsAHostThatIsKnownAndVerified(TlsPolicy policy, bool isMxAuthentic, string sts, string expected)
    {
        var demand = new TlsDemand(policy, isMxAuthentic, Policy(sts)) { IsRequiredBySender = true };
        Tell(await Decider(new FakeDns()).DecideAsync(demand, new HostPort("mx.test", 25, null), isAuthentic: false, CancellationToken.None))
            .ShouldBe(expected);
    }

    [Theory]
    [InlineData(TlsWish.Usual, true, StsMode.Enforce)]
    [InlineData(TlsWish.Required, true, StsMode.Enforce)]
    [InlineData(TlsWish.Relaxed, false, null)]
    public async Task Demand_OfASender_RelaxesOnlyWhatTheDomainPublishes(TlsWish wish, bool isMxAuthentic, object? mode)
    {
        var clock = new ManualClock();
        var store = new StsStore(null, clock);
        store.Put(new CachedSts("to.test", "1", Policy("enforce mx.test")!, clock.Now));
        var dns = new FakeDns();
        var decider = new TlsDecider(dns, new StsPolicies(dns, new NoFetcher(), store, new MtaStsOptions(), clock), useDane: true, sessions: null);
        var demand = await decider.DemandAsync("to.test", TlsPolicy.Required, HostVoucher.Dnssec, wish, CancellationToken.None);
        (demand.Policy, demand.IsMxAuthentic, demand.Sts?.Mode, demand.IsRequiredBySender)
            .ShouldBe((TlsPolicy.Required, isMxAuthentic, (StsMode?)mode, wish == TlsWish.Required));
    }

    [Fact]
    public async Task Decide_MxIsNotAuthentic_AsksForNoTlsa()
    {
        var dns = new FakeDns { IsSigned = true };
        var host = new HostPort("mx.test", 25, null);
        await Decider(dns).DecideAsync(new TlsDemand(TlsPolicy.Opportunistic), host, isAuthentic: true, CancellationToken.None);
        dns.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DnsStatus.ServerFailure, false)]
    [InlineData(DnsStatus.Found, true)]
    public async Task IsMet_AddressesCannotBeHad_IsNotWithoutDane(DnsStatus addresses, bool expected)
    {
        var dns = new FakeDns { IsSigned = true };
        if (addresses == DnsStatus.Found) dns.Address("mx.test", "192.0.2.25");
        else dns.Address("mx.test", addresses);
        var plain = new SecuredHost(new HostPort("mx.test", 25, null), new TlsDemand(TlsPolicy.Opportunistic), TlsProof.None);
        (await Decider(dns).IsMetAsync(new TlsDemand(TlsPolicy.Opportunistic, IsMxAuthentic: true), plain, CancellationToken.None))
            .ShouldBe(expected);
    }

    [Theory]
    [InlineData(TlsRule.Opportunistic, TlsProof.None, true)]
    [InlineData(TlsRule.Required, TlsProof.None, false)]
    [InlineData(TlsRule.Required, TlsProof.Encrypted, true)]
    [InlineData(TlsRule.Sts, TlsProof.Encrypted, false)]
    [InlineData(TlsRule.Sts, TlsProof.Encrypted | TlsProof.Trusted, true)]
    [InlineData(TlsRule.Sts, TlsProof.Encrypted | TlsProof.Dane, false)]
    [InlineData(TlsRule.Dane, TlsProof.Encrypted | TlsProof.Trusted, false)]
    [InlineData(TlsRule.Dane, TlsProof.Encrypted | TlsProof.Dane, true)]
    public void IsMetBy_Proof_MustHoldAllThatIsNeeded(object rule, TlsProof proof, bool expected) =>
        TlsDecision.By((TlsRule)rule).IsMetBy(proof).ShouldBe(expected);

    private static TlsDecider Decider(FakeDns dns) => new(dns, policies: null, useDane: true, sessions: null);

    private static StsPolicy? Policy(string text) => text.Split(' ') is [var mode, var mx]
        ? new StsPolicy(Enum.Parse<StsMode>(mode, ignoreCase: true), [mx], TimeSpan.FromDays(1))
        : null;

    private sealed class NoFetcher : IStsFetcher
    {
        public Task<StsFetch> FetchAsync(string domain, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private static string Tell(TlsDecision decision) =>
        decision.Refusal is { } refusal ? $"{decision.Rule} refused {refusal.Result}" : $"{decision.Rule}";
}
