using Shouldly;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Pump;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.Tests.Outcomes;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

public class PassengersTests
{
    public static TheoryData<string, string, string> Rows => new()
    {
        // Each recipient's domain (to, two: this way; new, other: another; null, none: impossible; slow: not now)
        // → who is on board; what it comes to.
        { "to to", "0 1", "delivered, delivered" },
        { "to two", "0 1", "delivered, delivered" },
        { "to new", "0", "delivered, deferred Session AtOnce" },
        { "new to", "1", "deferred Session AtOnce, delivered" },
        { "null to none two", "1 3", "failed Site 5.1.10, delivered, failed Site 5.1.2, delivered" },
        { "slow to", "1", "deferred Site AfterSiteTrouble, delivered" },
        { "new", "", "elsewhere new.mx.test" },
        { "new other", "", "elsewhere new.mx.test" },
        { "slow null new", "", "elsewhere new.mx.test" },
        { "slow null", "", "deferred Site AfterSiteTrouble, failed Site 5.1.10" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Of_EachGoesItsOwnWay(string domains, string onBoard, string expected)
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        bench.Dns.Mx("new.test", new MxRecord(1, "new.mx.test")).Mx("other.test", new MxRecord(1, "other.mx.test"))
            .Mx("null.test", new MxRecord(0, "."))
            .Mx("slow.test", DnsStatus.TimedOut);
        var delivery = Sample.Claimed([.. domains.Split(' ').Select((domain, i) => Sample.Recipient($"{i}@{domain}.test"))]);
        var passengers = await Passengers.OfAsync(delivery, PumpBench.Lane, bench.Router(), bench.Decider(), CancellationToken.None);
        string.Join(' ', passengers.OnBoard.Select(recipient => recipient.Address.LocalPart)).ShouldBe(onBoard);
        (passengers.Here is not null).ShouldBe(onBoard.Length > 0);
        var told = passengers.Here is null && passengers.Elsewhere is { } elsewhere
            ? $"elsewhere {elsewhere.Site}"
            : OutcomePolicyTests.Tell(passengers.Outcome(new Verdict.Delivered(Sample.Reply(250))).Verdicts);
        told.ShouldBe(expected);
    }

    [Fact]
    public async Task Of_DomainThatAsksForMore_WaitsForItsOwnConnection()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server) { Tls = TlsPolicy.Opportunistic };
        var store = new StsStore(null, bench.Clock);
        store.Put(new CachedSts("to.test", "1", new StsPolicy(StsMode.Enforce, ["mx.test"], TimeSpan.FromDays(1)), bench.Clock.Now));
        bench.Policies = new StsPolicies(bench.Dns, null!, store, new MtaStsOptions(), bench.Clock);
        var delivery = Sample.Claimed(Sample.Recipient("0@to.test"), Sample.Recipient("1@two.test"));
        var passengers = await Passengers.OfAsync(delivery, PumpBench.Lane, bench.Router(), bench.Decider(), CancellationToken.None);
        passengers.OnBoard.Single().Address.Domain.ShouldBe("two.test");
        OutcomePolicyTests.Tell(passengers.Outcome(new Verdict.Delivered(Sample.Reply(250))).Verdicts)
            .ShouldBe("deferred Session AtOnce, delivered");
    }

    [Theory]
    [InlineData(0, "deferred Session AtOnce, deferred Session AtOnce, deferred Session AtOnce, deferred Session AtOnce")]
    [InlineData(1, "delivered, deferred Session AtOnce, deferred Session AtOnce, deferred Session AtOnce")]
    [InlineData(2, "delivered, deferred Session AtOnce, delivered, deferred Session AtOnce")]
    [InlineData(3, "delivered, deferred Session AtOnce, delivered, delivered")]
    public async Task Outcome_OfTheFirstOnBoard_LetsTheOthersGoOnAtOnce(int first, string expected)
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        bench.Dns.Mx("new.test", new MxRecord(1, "new.mx.test"));
        var delivery = Sample.Claimed([.. "to new two to".Split(' ').Select((domain, i) => Sample.Recipient($"{i}@{domain}.test"))]);
        var passengers = await Passengers.OfAsync(delivery, PumpBench.Lane, bench.Router(), bench.Decider(), CancellationToken.None);

        var outcome = passengers.Outcome([.. Enumerable.Repeat(new Verdict.Delivered(Sample.Reply(250)), first)]);

        OutcomePolicyTests.Tell(outcome.Verdicts).ShouldBe(expected);
    }

    [Fact]
    public async Task Of_SameDomainInARow_IsLookedUpOnce()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var delivery = Sample.Claimed([.. Enumerable.Range(0, 50).Select(i => Sample.Recipient($"{i}@to.test"))]);
        await Passengers.OfAsync(delivery, PumpBench.Lane, bench.Router(), bench.Decider(), CancellationToken.None);
        bench.Dns.Asked.ShouldBe(["MX to.test"]);
    }
}
