using System.Text;
using Shouldly;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Suppression;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>What the outbound side makes of recipients that are on the suppression list.</summary>
public class SuppressedMailTests
{
    [Fact]
    public async Task Pump_SuppressedSinceItWasAccepted_FailsWithoutAConnectionAndIsReported()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var delivery = await bench.AcceptAsync("a@to.test");
        bench.Suppressed.Add("A@to.test", reason: SuppressionReason.Complaint);
        await bench.AdvanceAsync(TimeSpan.FromSeconds(60));
        await bench.StartAsync();
        await Patience.Until(() => bench.Queue.Settlements.Contains(new Settlement.Done(delivery, Sent: false)), "suppressed");
        server.Transcripts.ShouldBeEmpty();
        var report = Encoding.ASCII.GetString(bench.Queue.Enqueued[^1].Content.ToArray());
        report.ShouldMatch("Final-Recipient: rfc822; ?a@to.test");
        report.ShouldContain("Status: 5.1.1");
        report.ShouldContain("the recipient is on the suppression list (complaint)");
        bench.Log.Entries.ShouldContain(entry => entry.Id == 3020 && entry.Text.EndsWith("complaint; not attempted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pump_FirstAttemptAtOnce_AsksNobody()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        bench.Suppressed.Add("a@to.test");
        var delivery = await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        bench.Queue.Settlements[0].ShouldBe(new Settlement.Done(delivery, Sent: true));
        bench.Suppressed.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pump_OneOfTwoSuppressed_TheOtherIsDelivered()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("b@two.test").Quit());
        await using var bench = new PumpBench(server);
        bench.Suppression.AtRcpt = SuppressionAtRcpt.Accept;
        bench.Suppressed.Add("a@to.test");
        var delivery = await bench.AcceptAsync("a@to.test", "b@two.test");
        await bench.StartAsync();
        await Patience.Until(() => bench.Queue.Settlements.Contains(new Settlement.Done(delivery, Sent: true)), "delivered to the other");
        var deferred = bench.Queue.Settlements.OfType<Settlement.Deferred>().ShouldHaveSingleItem();
        deferred.Remaining.ShouldHaveSingleItem().Address.LocalPart.ShouldBe("b");
        (deferred.After, deferred.CountsAttempt).ShouldBe((TimeSpan.Zero, false));
        // One call for all recipients of the delivery.
        bench.Suppressed.Asked[0].ShouldBe(["a@to.test", "b@two.test"]);
    }

    [Fact]
    public async Task Pump_ListCannotBeAsked_MailIsPutOffAndClaimedOnce()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        bench.Suppression.AtRcpt = SuppressionAtRcpt.Accept;
        bench.Suppressed.IsAway = true;
        var delivery = await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        await Patience.Until(() => bench.Queue.Released > 0, "the session is released");
        var deferred = bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Deferred>();
        (deferred.After, deferred.CountsAttempt).ShouldBe((TimeSpan.FromMinutes(5), false));
        await bench.AdvanceAsync(TimeSpan.FromMinutes(1));
        bench.Queue.Diary.Count(entry => entry.StartsWith("claim", StringComparison.Ordinal)).ShouldBe(1);
        bench.Queue.Pauses.ShouldBeEmpty("the site was not asked");
        server.Transcripts.ShouldBeEmpty();

        bench.Suppressed.IsAway = false;
        await bench.AdvanceAsync(TimeSpan.FromMinutes(4));

        await Patience.Until(() => bench.Queue.Settlements.Contains(new Settlement.Done(delivery, Sent: true)), "delivered once it can be asked");
    }
}
