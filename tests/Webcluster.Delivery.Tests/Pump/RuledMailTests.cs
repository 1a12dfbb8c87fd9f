using System.Text;
using Shouldly;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>What the outbound side makes of mail that an operator's rule has changed.</summary>
public class RuledMailTests
{
    [Fact]
    public async Task Pump_BouncedByARule_FailsWithoutAConnectionAndIsReported()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var delivery = await bench.AcceptAsync("a@to.test", "b@two.test");
        await AddAsync(bench, RuleAction.Bounce, delivery, null);
        await bench.StartAsync();
        // The report is mail too, and may come to its own end first.
        await Patience.Until(() => bench.Queue.Settlements.Contains(new Settlement.Done(delivery, Sent: false)), "bounced");
        server.Transcripts.ShouldBeEmpty();
        var report = Encoding.ASCII.GetString(bench.Queue.Enqueued[^1].Content.ToArray());
        report.ShouldContain("a@to.test");
        report.ShouldContain("b@two.test");
        report.ShouldContain("Status: 5.7.1");
        report.ShouldContain("bounced by an operator: phishing");
        bench.Queue.Enqueued.Count.ShouldBe(2, "the mail and one report");
    }

    [Fact]
    public async Task Pump_MovedToAnotherPool_IsDeliveredThere()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        var delivery = await bench.AcceptAsync("a@to.test");
        await AddAsync(bench, RuleAction.Move, delivery, "vip");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        bench.Queue.Settlements[0].ShouldBe(new Settlement.Done(delivery, Sent: true));
    }

    [Fact]
    public async Task Pump_MovedAndTheSiteChanged_KeepsItsPool()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        var delivery = await bench.AcceptAsync(new("old.test", "old.test", "default"), Sample.Recipient("a@to.test"));
        await AddAsync(bench, RuleAction.Move, delivery, "vip");
        await bench.StartAsync();
        await bench.SettledAsync(2);
        bench.Queue.Settlements[0].ShouldBe(new Settlement.Rerouted(delivery, PumpBench.Lane with { Pool = "vip" }));
        bench.Queue.Settlements[1].ShouldBe(new Settlement.Done(delivery, Sent: true));
    }

    private static async Task AddAsync(PumpBench bench, RuleAction action, DeliveryId delivery, string? pool)
    {
        var now = bench.Clock.GetUtcNow();
        var rule = new QueueRule(RuleId.New(now), action, new RuleTarget(RuleScope.Message, delivery.Message.ToString()), "phishing", now) { Pool = pool };
        (await bench.Queue.Rules.AddRuleAsync(rule, CancellationToken.None)).ShouldBe(AddRuleResult.Added);
        for (var isRunning = true; isRunning; await Task.Delay(5))
            isRunning = (await bench.Queue.Rules.RulesAsync(CancellationToken.None)).Single().IsRunning;
    }
}
