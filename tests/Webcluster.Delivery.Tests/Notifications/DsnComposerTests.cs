using Shouldly;
using Webcluster.Delivery.Notifications;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Protocol.Dsn;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Xunit;

namespace Webcluster.Delivery.Tests.Notifications;

public class DsnComposerTests
{
    private static readonly TimeSpan Notice = TimeSpan.FromHours(4);
    private static readonly DsnComposer Composer = new("we.test", Notice, reportsComeHere: false);
    private static readonly Verdict Delivered = new Verdict.Delivered(Sample.Reply(250, "2.0.0"));
    private static readonly Verdict Failed =
        new Verdict.Failed(Scope.Recipient, new EnhancedCode(5, 1, 1), Sample.Reply(550, "5.1.1"), "no");
    private static readonly Verdict Deferred = new Verdict.Deferred(Scope.Message, RetryWhen.AfterAttempt, "450 later");
    private static readonly Verdict AtOnce = new Verdict.Deferred(Scope.Session, RetryWhen.AtOnce, "at once");

    public static TheoryData<DsnNotify, string> Matrix => new()
    {
        // NOTIFY → what is told of: success to a server without DSN, with DSN; failure; delay past the notice; the same that goes on at
        // once.
        { DsnNotify.NotGiven, "- - Failed - -" },
        { DsnNotify.Never, "- - - - -" },
        { DsnNotify.Success, "Relayed - - - -" },
        { DsnNotify.Failure, "- - Failed - -" },
        { DsnNotify.Delay, "- - - Delayed -" },
        { DsnNotify.Success | DsnNotify.Failure, "Relayed - Failed - -" },
        { DsnNotify.Success | DsnNotify.Delay, "Relayed - - Delayed -" },
        { DsnNotify.Failure | DsnNotify.Delay, "- - Failed Delayed -" },
        { DsnNotify.Success | DsnNotify.Failure | DsnNotify.Delay, "Relayed - Failed Delayed -" },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Select_AsNotifyAsks(DsnNotify notify, string expected)
    {
        var withDsn = ServerCapabilities.None with { Dsn = true };
        string[] told =
        [
            Tell(notify, Delivered, ServerCapabilities.None), Tell(notify, Delivered, withDsn), Tell(notify, Failed, withDsn),
            Tell(notify, Deferred, withDsn),
            Tell(notify, AtOnce, withDsn),
        ];
        string.Join(' ', told).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Select_NullReversePath_IsNeverTold(DsnNotify notify, string expected)
    {
        expected.ShouldNotBeEmpty();
        foreach (var verdict in new[] { Delivered, Failed, Deferred }) Tell(notify, verdict, ServerCapabilities.None, fromNobody: true)
            .ShouldBe("-");
    }

    [Fact]
    public void Select_Delay_OnceAndNotBeforeItsTime()
    {
        var recipient = Sample.Recipient("a@to.test", DsnNotify.Delay);
        var delivery = Sample.Claimed(recipient);
        Composer.IsDelayNotice(recipient, delivery, Sample.Start + Notice - TimeSpan.FromTicks(1)).ShouldBeFalse();
        Composer.IsDelayNotice(recipient, delivery, Sample.Start + Notice).ShouldBeTrue();
        Composer.IsDelayNotice(recipient with { DelayNotified = true }, delivery, Sample.Start + Notice).ShouldBeFalse();
    }

    [Fact]
    public void Select_Entry_SaysWhatTheServerSaid()
    {
        var recipient = new QueuedRecipient(Sample.Address("a@to.test"), DsnNotify.Failure, "rfc822;o@to.test");
        var now = Sample.Start.AddHours(1);
        var entry = Composer.Select(Sample.Outcome(Sample.Claimed(recipient), Failed), "mx.test", null, now).ShouldHaveSingleItem();
        entry.ShouldBe(new DsnRecipient(
            recipient.Address, "rfc822;o@to.test", DsnAction.Failed, new EnhancedCode(5, 1, 1), "mx.test", ((Verdict.Failed)Failed).Reply,
                "no", now, null));
        var ours = new Verdict.Failed(Scope.Message, new EnhancedCode(5, 4, 7), null, "delivery time expired");
        Composer.Select(Sample.Outcome(Sample.Claimed(recipient), ours), "mx.test", null,
            now)[0].RemoteMta.ShouldBeNull("no server said so");
    }

    [Fact]
    public void IdFor_SameReport_IsTheSame()
    {
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test"), Sample.Recipient("b@to.test"));
        var id = Id(delivery, Failed, Failed);
        Id(delivery, Failed, Failed).ShouldBe(id);
        id.ShouldNotBe(delivery.Id.Message);
        id.Value.Version.ShouldBe(7);
        // The time of the message it is about.
        id.Value.ToByteArray(bigEndian: true)[..6].ShouldBe(delivery.Id.Message.Value.ToByteArray(bigEndian: true)[..6]);
    }

    [Fact]
    public void IdFor_AnotherReport_IsAnother()
    {
        // Two failures of one message at two attempts of which none counted: neither report may be taken for the other.
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test", DsnNotify.Failure | DsnNotify.Delay),
            Sample.Recipient("b@to.test", DsnNotify.Failure | DsnNotify.Delay));
        var later = delivery with { Recipients = [delivery.Recipients[1]] };
        MessageId[] ids =
        [
            Id(delivery, Failed, AtOnce), Id(delivery, AtOnce, Failed), Id(delivery, Failed, Failed), Id(delivery, Deferred, Deferred),
            Id(later, Deferred),
            Id(delivery with { Attempts = 1 }, Failed, AtOnce), Id(delivery with { Id = delivery.Id with { Ordinal = 1 } }, Failed, AtOnce),
        ];
        ids.Distinct().Count().ShouldBe(ids.Length);
        Id(later, Failed).ShouldBe(Id(delivery, AtOnce, Failed), "the same words about the same recipient");
    }

    [Fact]
    public void Report_Addresses()
    {
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test"));
        delivery = delivery with { Envelope = delivery.Envelope with { EnvelopeId = "id+1", Return = DsnReturn.Headers } };
        var entries = Composer.Select(Sample.Outcome(delivery, Failed), null, null, Sample.Start);
        var report = Composer.Report(delivery, entries, Sample.Content().Body, Sample.Start);
        (report.From.ToString(), report.To.ToString(), report.ReportingMta).ShouldBe(("MAILER-DAEMON@we.test", "s@from.test", "we.test"));
        (report.EnvelopeId, report.Return, report.UseUtf8, report.ArrivalDate).ShouldBe(("id+1", DsnReturn.Headers, false, Sample.Start));
        report.MessageId.ShouldBe($"{DsnComposer.IdFor(delivery, entries)}@we.test");
        var utf8 = Sample.Claimed(Sample.Recipient("ä@to.test"));
        Composer.Report(utf8, Composer.Select(Sample.Outcome(utf8, Failed), null, null, Sample.Start), default, Sample.Start)
            .UseUtf8.ShouldBeTrue();
    }

    private static MessageId Id(ClaimedDelivery delivery, params Verdict[] verdicts) =>
        DsnComposer.IdFor(delivery, Composer.Select(new AttemptOutcome(delivery, verdicts), null, null, Sample.Start + Notice));

    private static string Tell(DsnNotify notify, Verdict verdict, ServerCapabilities server, bool fromNobody = false)
    {
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test", notify));
        if (fromNobody) delivery = delivery with { Envelope = delivery.Envelope with { ReversePath = null } };
        var entries = Composer.Select(Sample.Outcome(delivery, verdict), "mx.test", server, Sample.Start + Notice);
        return entries.Count == 0 ? "-" : entries.ShouldHaveSingleItem().Action.ToString();
    }
}
