using Shouldly;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Delivery.Transfer;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Xunit;

namespace Webcluster.Delivery.Tests.Outcomes;

public sealed class AttemptEventsTests
{
    private static readonly SmtpReply Unknown = Sample.Reply(550, "5.1.1", "user unknown");
    private static readonly SmtpReply Ok = Sample.Reply(250, "2.0.0", "ok");

    public static TheoryData<Stage[], bool[]> Refusals => new()
    {
        // Where each recipient was refused for good ("FinalDot" with "Rcpt": the others were) → is it a word about the recipient?
        { [Stage.Rcpt], [true] },
        { [Stage.Rcpt, Stage.Rcpt], [true, true] },
        // The server knows the sender only.
        { [Stage.Mail], [false] },
        { [Stage.Mail, Stage.Mail], [false, false] },
        { [Stage.Data], [true] },
        { [Stage.FinalDot], [true] },
        { [Stage.FinalDot, Stage.Rcpt], [true, true] },
        { [Stage.Data, Stage.Data], [false, false] },
        { [Stage.FinalDot, Stage.Rcpt, Stage.FinalDot], [false, true, false] },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Of_Refusal_SaysSomethingOfTheRecipientWhereItCanMeanNobodyElse(Stage[] decided, bool[] expected)
    {
        var happened = Of(new TransferResult([.. decided.Select(_ => Unknown)], decided, null, DotSent: false));

        happened.Select(one => one.Meaning?.Suppresses() == true).ShouldBe(expected);
        happened.ShouldAllBe(one => one.Event.Kind == MailEventKind.Bounced && one.Event.Bounce == "invalid-recipient");
    }

    [Theory]
    [InlineData("<s@from.test>: no such user here", "policy", false)]
    [InlineData("verify of S@FROM.TEST: user unknown", "policy", false)]
    [InlineData("<r0@to.test>: no such user (mail of <s@from.test>)", "invalid-recipient", true)]
    [InlineData("<x@to.test>: no such user here", "invalid-recipient", true)]
    public void Of_RcptRefusedNamingOurReturnPath_SuppressesNobody(string text, string bounce, bool suppresses)
    {
        var refused = Of(new TransferResult([Sample.Reply(550, "", text)], [Stage.Rcpt], null, DotSent: false)).Single();

        (refused.Event.Bounce, refused.Meaning!.Suppresses()).ShouldBe((bounce, suppresses));
        Of(new TransferResult([Sample.Reply(450, "", text)], [Stage.Rcpt], null, DotSent: false)).Single()
            .Meaning!.IsSoftFailure().ShouldBe(suppresses);
    }

    [Fact]
    public void Of_RefusalOfOneBesideADelivery_SaysIt() =>
        Of(new TransferResult([Ok, Unknown], [Stage.FinalDot, Stage.Rcpt], null, DotSent: true))
            .Select(one => (one.Event.Kind, one.Meaning is not null))
            .ShouldBe([(MailEventKind.Delivered, false), (MailEventKind.Bounced, true)]);

    [Fact]
    public void Of_DotWithoutReply_IsAPossibleDuplicateToo()
    {
        var trouble = new Trouble(Stage.FinalDot, TroubleKind.TimedOut, "timed out");
        Of(new TransferResult([null, Unknown], [default, Stage.Rcpt], trouble, DotSent: true))
            .Select(one => (one.Event.Kind, one.Event.Recipient, one.Event.Reason))
            .ShouldBe(
            [
                (MailEventKind.Deferred, "r0@to.test", null),
                (MailEventKind.PossibleDuplicate, "r0@to.test", "the final dot was sent and no reply came"),
                (MailEventKind.Bounced, "r1@to.test", null),
            ]);
    }

    private static IReadOnlyList<RecipientEvent> Of(TransferResult result)
    {
        var delivery = Sample.Claimed([.. result.Replies.Select((_, i) => Sample.Recipient($"r{i}@to.test"))]);
        var outcome = new AttemptOutcome(delivery, OutcomePolicy.Judge(result, progress: false, []));
        var context = new AttemptContext(new LaneKey("site", "site", "default"), null, "mx.test", TimeSpan.Zero);
        var settlement = outcome.Settlement(new RetrySchedule(new RetryOptions(), new Random(1)), Sample.Start, _ => false);
        return new AttemptEvents(ReplyClassifier.Shipped(), "we.test").Of(outcome, context, settlement, Sample.Start);
    }
}
