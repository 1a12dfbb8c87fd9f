using Shouldly;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Delivery.Transfer;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Xunit;
using RetryWhen = Webcluster.Delivery.Outcomes.RetryWhen;

namespace Webcluster.Delivery.Tests.Outcomes;

public class OutcomePolicyTests
{
    private static readonly LaneKey Lane = new("site", "site", "default");

    public static TheoryData<string, Stage, string> Replies => new()
    {
        // Code, enhanced code, text; the command it answered → the verdict.
        { "250 2.0.0 ok", Stage.FinalDot, "delivered" },
        { "252 ok", Stage.FinalDot, "delivered" },
        { "299 ok", Stage.FinalDot, "delivered" },
        { "400 x", Stage.Mail, "deferred Message AfterAttempt" },
        { "451 4.7.1 x", Stage.Mail, "deferred Message AfterAttempt" },
        { "499 x", Stage.Data, "deferred Message AfterAttempt" },
        { "451 x", Stage.FinalDot, "deferred Message AfterAttempt" },
        { "450 4.2.0 greylisted", Stage.Rcpt, "deferred Recipient AfterAttempt" },
        { "452 4.2.2 mailbox full", Stage.Rcpt, "deferred Recipient AfterAttempt" },
        { "550 5.7.1 x", Stage.Mail, "failed Message 5.7.1" },
        { "554 x", Stage.Data, "failed Message 5.0.0" },
        { "554 5.6.0 x", Stage.FinalDot, "failed Message 5.6.0" },
        { "599 x", Stage.Rcpt, "failed Recipient 5.0.0" },
        { "550 5.1.1 x", Stage.Rcpt, "failed Recipient 5.1.1" },
        { "552 5.2.2 mailbox full", Stage.Rcpt, "failed Recipient 5.2.2" },
        { "552 5.3.4 too large", Stage.FinalDot, "failed Message 5.3.4" },
        // rfc5321#4.2.1: the basic code decides.
        { "550 4.7.1 x", Stage.Rcpt, "failed Recipient 5.7.1" },
        { "451 5.7.1 x", Stage.Rcpt, "deferred Recipient AfterAttempt" },
        { "550 5.1.1 in the text only", Stage.Mail, "failed Message 5.1.1" },
        // rfc5321#4.5.3.1.10
        { "452 4.5.3 x", Stage.Rcpt, "deferred Recipient AfterAttempt" },
        { "552 5.5.3 x", Stage.Rcpt, "deferred Recipient AfterAttempt" },
        { "552 Too many recipients", Stage.Rcpt, "deferred Recipient AfterAttempt" },
        { "550 5.5.3 x", Stage.Rcpt, "failed Recipient 5.5.3" },
        { "550 too many recipients", Stage.Rcpt, "failed Recipient 5.0.0" },
        { "552 5.5.3 x", Stage.FinalDot, "failed Message 5.5.3" },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public void Judge_Reply_ByItsFirstDigitAndWhatItAnswers(string reply, Stage decided, string expected)
    {
        var result = new TransferResult([Parse(reply)], [decided], null, DotSent: decided == Stage.FinalDot);
        Tell(OutcomePolicy.Judge(result, progress: false, [])).ShouldBe(expected);
        Tell(OutcomePolicy.Judge(result, progress: true, [])).ShouldBe(expected, "a reply counts the same on a used connection");
    }

    [Fact]
    public void Judge_RefusalForGoodThatARuleHasRetried_Waits()
    {
        var (blocked, unknown) = (Parse("550 5.7.1 blocked"), Parse("550 5.1.1 unknown"));
        var result = new TransferResult([blocked, unknown], [Stage.Rcpt, Stage.Rcpt], null, DotSent: false);

        var meaning = new ReplyClassification(BounceClass.RateLimited, true, ClassifiedBy.Rule, 1);
        var verdicts = OutcomePolicy.Judge(
            result, progress: false, [new ReadReply(blocked, meaning, IsRetried: true), new ReadReply(unknown, meaning, IsRetried: false)]);
        Tell(verdicts).ShouldBe("deferred Recipient AfterAttempt, failed Recipient 5.1.1");
        verdicts.ShouldAllBe(verdict => verdict.Meaning == meaning);
    }

    [Theory]
    [InlineData("452 4.5.3 x")]
    [InlineData("552 5.5.3 x")]
    [InlineData("452 Too many recipients")]
    [InlineData("451 4.5.3 x")]
    public void Judge_TooManyRecipientsBesideAccepted_GoesOnAtOnce(string reply)
    {
        var result = new TransferResult([Parse("250 ok"), Parse(reply)], [Stage.FinalDot, Stage.Rcpt], null, DotSent: true);
        Tell(OutcomePolicy.Judge(result, progress: false, [])).ShouldBe("delivered, deferred Recipient AtOnce");
    }

    [Theory]
    [InlineData("550 Too many recipient attempts", Stage.Rcpt)]
    [InlineData("550 Too many recipient attempts", Stage.Data)]
    [InlineData("554 5.5.3 x", Stage.Rcpt)]
    [InlineData("452 4.5.3 x", Stage.Data)]
    public void Judge_EndsItOverTooManyRecipients_EverybodyGoesOnAtOnceInSmallerParts(string reply, Stage stage)
    {
        var result = Cut(stage, accepted: 1, null, Parse("550 5.1.1 x"), Parse(reply), null);
        Tell(OutcomePolicy.Judge(result, progress: false, [])).ShouldBe(
            "deferred Session AtOnce, failed Recipient 5.1.1, deferred Session AtOnce, deferred Session AtOnce");
        OutcomePolicy.MostRecipients(result).ShouldBe(new RecipientBound(1, IsSaid: true));
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(3, 1)]
    [InlineData(2, 1)]
    public void Judge_SaysTooManyAtDataOfWhatItTook_HalfTheNextTime(int accepted, int most)
    {
        var result = CutAtData(accepted);
        Tell(OutcomePolicy.Judge(result, progress: false, [])).ShouldBe(
            string.Join(", ", Enumerable.Repeat("deferred Session AtOnce", accepted)));
        OutcomePolicy.MostRecipients(result).ShouldBe(new RecipientBound(most, IsSaid: true));
    }

    [Fact]
    public void Judge_SaysTooManyAtDataOfOne_IsTroubleOfTheSite()
    {
        var result = CutAtData(1);
        Tell(OutcomePolicy.Judge(result, progress: false, [])).ShouldBe("deferred Site AfterSiteTrouble");
        OutcomePolicy.MostRecipients(result).ShouldBeNull();
    }

    private static TransferResult CutAtData(int accepted)
    {
        var result = Cut(Stage.Data, accepted, new SmtpReply?[accepted]);
        return result with { Trouble = result.Trouble! with { Reply = Parse("421 4.5.3 Too many recipients this hour") } };
    }

    [Fact]
    public void Judge_EndsItWith421ForTooManyRecipients_EverybodyGoesOnAtOnce()
    {
        var result = Cut(Stage.Rcpt, accepted: 1, null, null);
        result = result with { Trouble = result.Trouble! with { Reply = Parse("421 4.7.0 Too many recipients") } };
        Tell(OutcomePolicy.Judge(result, progress: false, [])).ShouldBe("deferred Session AtOnce, deferred Session AtOnce");
    }

    [Fact]
    public void Judge_EndsItWhileRecipientsAreNamed_IsTroubleOfTheSite_FewerTheNextTime()
    {
        var result = Cut(Stage.Rcpt, accepted: 2, null, null, null);
        Tell(OutcomePolicy.Judge(result, progress: false, [])).ShouldBe(
            string.Join(", ", Enumerable.Repeat("deferred Site AfterSiteTrouble", 3)));
        OutcomePolicy.MostRecipients(result).ShouldBe(new RecipientBound(2, IsSaid: false));
    }

    [Theory]
    [InlineData(Stage.Rcpt, 0, TroubleKind.ConnectionLost, "550 too many recipients")]
    [InlineData(Stage.Rcpt, 1, TroubleKind.Abandoned, "550 too many recipients")]
    [InlineData(Stage.Rcpt, 1, TroubleKind.TimedOut, "550 5.1.1 x")]
    [InlineData(Stage.Data, 1, TroubleKind.ConnectionLost, "550 5.1.1 x")]
    [InlineData(Stage.FinalDot, 1, TroubleKind.ConnectionLost, "452 4.5.3 x")]
    public void MostRecipients_EndsOtherwise_SaysNothing(Stage stage, int accepted, TroubleKind kind, string reply)
    {
        var result = Cut(stage, accepted, null, Parse(reply));
        OutcomePolicy.MostRecipients(result with { Trouble = result.Trouble! with { Kind = kind } }).ShouldBeNull();
    }

    [Fact]
    public void MostRecipients_421ForAnotherReasonWhileRecipientsAreNamed_SaysNothing()
    {
        var result = Cut(Stage.Rcpt, accepted: 1, null, null);
        result = result with { Trouble = result.Trouble! with { Reply = Parse("421 4.7.0 try again later") } };
        OutcomePolicy.MostRecipients(result).ShouldBeNull();
    }

    private static TransferResult Cut(Stage stage, int accepted, params SmtpReply?[] replies) => new(
        replies, [.. replies.Select(reply => reply is null ? default : Stage.Rcpt)],
        new Trouble(stage, TroubleKind.ConnectionLost, "gone"), DotSent: false)
    {
        Accepted = accepted,
    };

    [Fact]
    public void Judge_TooManyRecipientsWhereTheRestFailed_Waits()
    {
        var result = new TransferResult([Parse("451 x"), Parse("452 4.5.3 x")], [Stage.FinalDot, Stage.Rcpt], null, DotSent: true);
        Tell(OutcomePolicy.Judge(result, progress: true, [])).ShouldBe("deferred Message AfterAttempt, deferred Recipient AfterAttempt");
    }

    public static TheoryData<TroubleKind, bool, bool, string> Unanswered
    {
        get
        {
            var rows = new TheoryData<TroubleKind, bool, bool, string>();
            foreach (var kind in Enum.GetValues<TroubleKind>())
            {
                rows.Add(kind, true, false, "deferred Message AfterAttempt maybe sent");
                rows.Add(kind, true, true, "deferred Message AfterAttempt maybe sent");
                rows.Add(kind, false, true, "deferred Session AtOnce");
                rows.Add(kind, false, false, kind is TroubleKind.Abandoned or TroubleKind.SourceUnusable ? "deferred Session AtOnce" : "deferred Site AfterSiteTrouble");
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Unanswered))]
    public void Judge_NoReply_IsNeverTheRecipientsFault(TroubleKind kind, bool dotSent, bool progress, string expected)
    {
        var trouble = new Trouble(Stage.Rcpt, kind, "detail");
        var result = new TransferResult([null, Parse("550 5.1.1 x")], [default, Stage.Rcpt], trouble, dotSent);
        Tell(OutcomePolicy.Judge(result, progress, [])).ShouldBe($"{expected}, failed Recipient 5.1.1");
        OutcomePolicy.Judge(result, progress, [])[0].ShouldBeOfType<Verdict.Deferred>().Explanation.ShouldBe("detail (while sending RCPT TO)");
    }

    [Fact]
    public void Judge_421_ExplainsWithTheServersWords()
    {
        var trouble = new Trouble(Stage.FinalDot, TroubleKind.Refused, "detail", Parse("421 4.3.2 shutting down"));
        OutcomePolicy.Judge(new TransferResult([null], [default], trouble, DotSent: false), progress: false, [])[0]
            .ShouldBe(new Verdict.Deferred(Scope.Site, RetryWhen.AfterSiteTrouble,
            "421 4.3.2 shutting down (while sending end of data)"));
    }

    public static TheoryData<TroubleKind, string> Connecting => new()
    {
        { TroubleKind.Refused, "deferred Site AfterSiteTrouble" },
        { TroubleKind.TimedOut, "deferred Site AfterSiteTrouble" },
        { TroubleKind.ConnectionLost, "deferred Site AfterSiteTrouble" },
        { TroubleKind.ProtocolError, "deferred Site AfterSiteTrouble" },
        { TroubleKind.TlsUnavailable, "deferred Site AfterSiteTrouble" },
        { TroubleKind.TlsFailed, "deferred Site AfterSiteTrouble" },
        { TroubleKind.Unreachable, "deferred Site AfterSiteTrouble" },
        { TroubleKind.OutOfReach, "deferred Site AfterSiteTrouble" },
        { TroubleKind.NoUsableAddress, "failed Site 5.4.4" },
        { TroubleKind.Abandoned, "deferred Session AtOnce" },
        { TroubleKind.SourceUnusable, "deferred Session AtOnce" },
    };

    [Theory]
    [MemberData(nameof(Connecting))]
    public void Judge_NoConnection_ByKind(TroubleKind kind, string expected) =>
        Tell([OutcomePolicy.Judge(new Trouble(Stage.Connect, kind, "detail", kind == TroubleKind.Refused ? Parse("554 no") : null))])
            .ShouldBe(expected);

    [Fact]
    public void Judge_NoConnection_TableCoversEveryKind() => Connecting.Count.ShouldBe(Enum.GetValues<TroubleKind>().Length);

    [Theory]
    [InlineData(Unsendable.TooLarge, "failed Message 5.3.4")]
    [InlineData(Unsendable.NeedsEightBitMime, "failed Message 5.6.3")]
    [InlineData(Unsendable.NeedsSmtpUtf8, "failed Message 5.6.7")]
    [InlineData(Unsendable.NeedsRequireTls, "failed Message 5.7.30")]
    public void Judge_Unsendable_Fails(Unsendable reason, string expected) => Tell([OutcomePolicy.Judge(reason)]).ShouldBe(expected);

    [Fact]
    public void Judge_Route_LeavesTheLanesOwnToTheAttempt()
    {
        OutcomePolicy.Judge(Known(Lane), Lane).ShouldBeNull();
        Tell([OutcomePolicy.Judge(Known(Lane with { Site = "other" }), Lane)!]).ShouldBe("deferred Session AtOnce");
        Tell([OutcomePolicy.Judge(new DomainRoute.Impossible(new EnhancedCode(5, 1, 10), "x"), Lane)!]).ShouldBe("failed Site 5.1.10");
        Tell([OutcomePolicy.Judge(new DomainRoute.NotNow("x"), Lane)!]).ShouldBe("deferred Site AfterSiteTrouble");
    }

    internal static string Tell(IEnumerable<Verdict> verdicts) => string.Join(", ", verdicts.Select(verdict => verdict switch
    {
        Verdict.Delivered => "delivered",
        Verdict.Failed failed => $"failed {failed.Scope} {failed.Status}",
        Verdict.Deferred deferred => $"deferred {deferred.Scope} {deferred.When}{(deferred.MaybeSent ? " maybe sent" : "")}",
        _ => throw new ArgumentOutOfRangeException(nameof(verdicts)),
    }));

    private static DomainRoute.Known Known(LaneKey lane) =>
        new(new Destination(lane, [new HostPort("mx.test", 25, null)], TlsPolicy.None, HostVoucher.Nobody));

    private static SmtpReply Parse(string text)
    {
        var words = text.Split(' ', 3);
        return EnhancedCode.TryParse(words[1], out _)
            ? Sample.Reply(int.Parse(words[0]), words[1], words[2])
            : Sample.Reply(int.Parse(words[0]), "", text[4..]);
    }
}
