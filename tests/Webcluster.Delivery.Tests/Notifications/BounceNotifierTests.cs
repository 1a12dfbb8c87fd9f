using System.Text;
using Shouldly;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Tests.Pump;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Notifications;

public class BounceNotifierTests
{
    private static readonly Verdict Failed =
        new Verdict.Failed(Scope.Recipient, new EnhancedCode(5, 1, 1), Sample.Reply(550, "5.1.1", "who?"), "no");

    [Fact]
    public async Task Notify_Failure_StoresAReportFromNobody()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        (await NotifyAsync(bench, Sample.Outcome(Sample.Claimed(Sample.Recipient("a@to.test")), Failed))).ShouldBeTrue();
        var report = bench.Queue.Enqueued.ShouldHaveSingleItem();
        report.Envelope.ReversePath.ShouldBeNull();
        report.Envelope.Tenant.ShouldBe("tenant");
        (report.AcceptedAt, report.ExpiresAt).ShouldBe((Sample.Start, Sample.Start.AddDays(5)));
        var delivery = report.Deliveries.ShouldHaveSingleItem();
        delivery.Lane.Site.ShouldBe("mx.from.test");
        delivery.Recipients.ShouldHaveSingleItem().ShouldBe(new QueuedRecipient(Sample.Address("s@from.test"), DsnNotify.Never, null));
        var text = Encoding.ASCII.GetString(report.Content.ToArray());
        foreach (var part in new[] { "Diagnostic-Code: smtp; 550 5.1.1 who?\r\n", "Remote-MTA: dns; mx.test\r\n",
            "Subject: t\r\n" }) text.ShouldContain(part);
    }

    [Theory]
    [InlineData(EnqueueResult.Full)]
    [InlineData(EnqueueResult.Unavailable)]
    public async Task Notify_StoreRefuses_IsNotTold(EnqueueResult refusal)
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        bench.Queue.Refusal = refusal;
        (await NotifyAsync(bench, Sample.Outcome(Sample.Claimed(Sample.Recipient("a@to.test")), Failed))).ShouldBeFalse();
    }

    [Fact]
    public async Task Notify_FailureWhileTheQueueIsFull_StoresTheHeaderInTheMailsPlace()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        bench.Queue.IsFull = true;
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test"));
        delivery = delivery with { Envelope = delivery.Envelope with { Return = DsnReturn.Full } };
        (await NotifyAsync(bench, Sample.Outcome(delivery, Failed))).ShouldBeTrue();
        var text = Encoding.ASCII.GetString(bench.Queue.Enqueued.ShouldHaveSingleItem().Content.ToArray());
        text.ShouldContain("Subject: t\r\n");
        text.ShouldContain("text/rfc822-headers");
    }

    [Fact]
    public async Task Notify_Twice_IsStoredOnce()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var outcome = Sample.Outcome(Sample.Claimed(Sample.Recipient("a@to.test")), Failed);
        (await NotifyAsync(bench, outcome)).ShouldBeTrue();
        (await NotifyAsync(bench, outcome)).ShouldBeTrue();
        (await bench.Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(1);
    }

    [Fact]
    public async Task Notify_TwoFailuresWithoutACountedAttempt_AreBothStored()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test"), Sample.Recipient("b@to.test"));
        var site = new Verdict.Deferred(Scope.Site, RetryWhen.AfterSiteTrouble, "421 bye");
        await NotifyAsync(bench, new AttemptOutcome(delivery, [Failed, site]));
        await NotifyAsync(bench, Sample.Outcome(delivery with { Recipients = [delivery.Recipients[1]] }, Failed));
        (await bench.Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(2);
    }

    [Fact]
    public async Task Notify_SenderWithoutAWay_IsTakenAsTold()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test"));
        delivery = delivery with { Envelope = delivery.Envelope with { ReversePath = Sample.Address("s@[10.0.0.1]") } };
        (await NotifyAsync(bench, Sample.Outcome(delivery, Failed))).ShouldBeTrue();
        bench.Queue.Enqueued.ShouldBeEmpty();
    }

    [Fact]
    public async Task Notify_NothingToTell_StoresNothing()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        (await NotifyAsync(bench, Sample.Outcome(Sample.Claimed(Sample.Recipient("a@to.test", DsnNotify.Never)), Failed)))
            .ShouldBeTrue();
        bench.Queue.Enqueued.ShouldBeEmpty();
    }

    [Fact]
    public async Task Notify_ContentNotAtHand_IsReadAndGoneIsNoObstacle()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var queued = await bench.AcceptAsync("a@to.test");
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test")) with { Id = queued, Content = null };
        await NotifyAsync(bench, Sample.Outcome(delivery, Failed));
        Encoding.ASCII.GetString(bench.Queue.Enqueued[^1].Content.ToArray()).ShouldContain("Subject: t\r\n");
        var gone = delivery with { Id = new DeliveryId(MessageId.New(Sample.Start), 0) };
        (await NotifyAsync(bench, Sample.Outcome(gone, Failed))).ShouldBeTrue();
    }

    [Fact]
    public async Task Notify_ContentCannotBeReadNow_TellsWithoutIt()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test")) with { Content = null };
        bench.Queue.Unreadable = delivery.Id.Message;
        (await NotifyAsync(bench, Sample.Outcome(delivery, Failed))).ShouldBeTrue();
        bench.Queue.Enqueued.ShouldHaveSingleItem();
    }

    private static async Task<bool> NotifyAsync(PumpBench bench, AttemptOutcome outcome)
    {
        var context = new AttemptContext(PumpBench.Lane, null, "mx.test", TimeSpan.Zero);
        return await bench.Notifier().NotifyAsync(SessionId.New(Sample.Start), outcome, context, Sample.Start, CancellationToken.None);
    }
}
