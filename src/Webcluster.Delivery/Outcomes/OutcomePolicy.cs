using System.Diagnostics;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Transfer;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Suppression;

namespace Webcluster.Delivery.Outcomes;

/// <summary>Decides what an attempt means, by scope. Pure: facts in, verdicts out.</summary>
internal static class OutcomePolicy
{
    /// <summary>Its domain asks for another kind of connection than the one at hand: it goes at once, by itself.</summary>
    public static Verdict OnAnotherConnection { get; } =
        new Verdict.Deferred(Scope.Session, RetryWhen.AtOnce, "its domain asks for other transport security than the others");

    /// <summary>The transaction had as many recipients as one may have: it goes at once, in the next.</summary>
    public static Verdict InAnotherTransaction { get; } =
        new Verdict.Deferred(Scope.Session, RetryWhen.AtOnce, "the transaction has as many recipients as its provider may get in one");

    /// <summary>A suppressed recipient is told of by itself: the others go at once.</summary>
    public static Verdict WithoutTheSuppressed { get; } =
        new Verdict.Deferred(Scope.Session, RetryWhen.AtOnce, "other recipients of the delivery are suppressed");

    /// <summary>What is to be sent is not to be had from the queue.</summary>
    public static Verdict Unreadable { get; } =
        new Verdict.Deferred(Scope.Message, RetryWhen.AfterSiteTrouble, "the queue cannot read its content at present");

    /// <summary>Nobody can say whether the recipients may get mail.</summary>
    public static Verdict Unlisted { get; } =
        new Verdict.Deferred(Scope.Message, RetryWhen.AfterSiteTrouble, "the suppression list cannot be asked at present");

    /// <summary>One verdict per recipient of a transaction.</summary>
    /// <param name="progress">An earlier message was served on this connection: its loss then is the end of a good connection, not trouble
    /// of the site.</param>
    /// <param name="read">The refusals, each once.</param>
    public static IReadOnlyList<Verdict> Judge(TransferResult result, bool progress, IReadOnlyCollection<ReadReply> read)
    {
        var isCut = MostAfterTooMany(result) is not null;
        var accepted = Array.Exists([.. result.Replies], reply => reply is { IsPositive: true });
        var meanings = read.Count == 0 ? null : read.ToDictionary(one => one.Reply);
        var verdicts = new Verdict[result.Replies.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = result.Replies[i] switch
            {
                null => isCut ? InAnotherTransaction : Unanswered(result, progress),
                // Whatever its code: with fewer recipients it would not have come.
                { } tooMany when isCut && SaysTooMany(tooMany) => InAnotherTransaction,
                { } reply => Judge(reply, result.Decided[i], accepted, meanings?.GetValueOrDefault(reply)),
            };
            if (verdicts[i] is Verdict.Failed failed) verdicts[i] = failed with { IsOfRecipient = IsOfRecipient(result, i) };
        }

        return verdicts;
    }

    /// <summary>Null: the server did not end the connection over the number of recipients.</summary>
    public static RecipientBound? MostRecipients(TransferResult result) =>
        MostAfterTooMany(result) is { } most ? new RecipientBound(most, IsSaid: true)
        : result is { Accepted: > 0, Trouble: { Stage: Stage.Rcpt, Kind: TroubleKind.ConnectionLost, Reply: null } }
            ? new RecipientBound(result.Accepted, IsSaid: false)
            : null;

    /// <summary>No connection could be opened; nothing of this is the message's fault.</summary>
    public static Verdict Judge(Trouble trouble) => trouble.Kind switch
    {
        TroubleKind.Abandoned or TroubleKind.SourceUnusable => new Verdict.Deferred(Scope.Session, RetryWhen.AtOnce, trouble.Describe()),
        TroubleKind.NoUsableAddress => new Verdict.Failed(Scope.Site, new EnhancedCode(5, 4, 4), null, trouble.Detail),
        TroubleKind.Refused or TroubleKind.TimedOut or TroubleKind.ConnectionLost or TroubleKind.ProtocolError
            or TroubleKind.TlsUnavailable or TroubleKind.TlsFailed or TroubleKind.Unreachable or TroubleKind.OutOfReach =>
            new Verdict.Deferred(Scope.Site, RetryWhen.AfterSiteTrouble, trouble.Describe()),
        _ => throw new UnreachableException(),
    };

    /// <summary>An operator's rule has decided; nothing is attempted.</summary>
    public static Verdict.Failed Bounce(string reason) => Failed(new EnhancedCode(5, 7, 1), reason);

    /// <summary>The recipient gets no mail; nothing is attempted.</summary>
    public static Verdict.Failed Suppressed(SuppressionReason reason) => new(
        Scope.Recipient, new EnhancedCode(5, 1, 1), null, $"the recipient is on the suppression list ({SuppressionReasons.Label(reason)})")
    {
        Suppressed = reason,
    };

    /// <summary>What is known of a recipient before any connection; null: it goes this way, so the attempt decides.</summary>
    /// <param name="lane">The lane whose connections are at hand.</param>
    public static Verdict? Judge(DomainRoute route, LaneKey lane) => route switch
    {
        DomainRoute.Known known => known.Destination.IsOn(lane)
            ? null
            : new Verdict.Deferred(Scope.Session, RetryWhen.AtOnce, "the domain has another site now"),
        DomainRoute.Impossible impossible => new Verdict.Failed(Scope.Site, impossible.Status, null, impossible.Explanation),
        DomainRoute.NotNow notNow => new Verdict.Deferred(Scope.Site, RetryWhen.AfterSiteTrouble, notNow.Explanation),
        _ => throw new UnreachableException(),
    };

    /// <summary>The message cannot go to this server, and its other hosts are taken to be alike.</summary>
    public static Verdict Judge(Unsendable reason) => reason switch
    {
        Unsendable.TooLarge => Failed(new EnhancedCode(5, 3, 4), "the message is larger than the server takes"),
        Unsendable.NeedsEightBitMime => Failed(
            new EnhancedCode(5, 6, 3), "the message has 8-bit content and the server does not offer 8BITMIME"),
        Unsendable.NeedsSmtpUtf8 => Failed(
            new EnhancedCode(5, 6, 7), "the message has non-ASCII addresses or headers and the server does not offer SMTPUTF8"),
        // rfc8689#8
        Unsendable.NeedsRequireTls => Failed(
            new EnhancedCode(5, 7, 30),
            "the sender requires TLS all the way (REQUIRETLS) and the server does not offer it, or cannot be verified"),
        _ => throw new UnreachableException(),
    };

    private static Verdict Judge(SmtpReply reply, Stage decided, bool othersAccepted, ReadReply? read)
    {
        var scope = decided == Stage.Rcpt ? Scope.Recipient : Scope.Message;
        if (reply.IsPositive) return new Verdict.Delivered(reply);
        // rfc5321#4.5.3.1.10: 552 for too many recipients is to be read as 452; the rest goes in a transaction of its own.
        if (decided == Stage.Rcpt && IsTooManyRecipients(reply))
            return new Verdict.Deferred(Scope.Recipient, othersAccepted ? RetryWhen.AtOnce : RetryWhen.AfterAttempt, reply.ToString())
            {
                Meaning = read?.Meaning,
            };
        // rfc5321#4.2.1: the first digit decides, whatever the enhanced code says; but where the words mean the source it left from, or
        // this moment, the mail can still go later.
        return reply.IsPermanent && read is not { IsRetried: true }
            ? new Verdict.Failed(scope, Status(reply), reply, "the server refused the message") { Meaning = read?.Meaning }
            : new Verdict.Deferred(scope, RetryWhen.AfterAttempt, reply.ToString()) { Meaning = read?.Meaning };
    }

    private static bool IsOfRecipient(TransferResult result, int recipient) => result.Decided[recipient] switch
    {
        Stage.Rcpt => true,
        Stage.Mail => false,
        var content => result.Decided.Count(stage => stage == content) == 1,
    };

    private static Verdict.Deferred Unanswered(TransferResult result, bool progress)
    {
        var explanation = result.Trouble?.Describe() ?? "the server gave no reply";
        if (result.DotSent) return new Verdict.Deferred(Scope.Message, RetryWhen.AfterAttempt, explanation, MaybeSent: true);
        if (result.Trouble is { IsOurs: true }) return new Verdict.Deferred(Scope.Session, RetryWhen.AtOnce, explanation);
        return progress
            ? new Verdict.Deferred(Scope.Session, RetryWhen.AtOnce, explanation)
            : new Verdict.Deferred(Scope.Site, RetryWhen.AfterSiteTrouble, explanation);
    }

    /// <summary>
    /// The server said that there are too many recipients, and hung up. Null: it did not, or there cannot be fewer.
    /// </summary>
    /// <returns>As many as it took; half where it took all and refused them together.</returns>
    private static int? MostAfterTooMany(TransferResult result)
    {
        if (result.Trouble is not { Stage: Stage.Rcpt or Stage.Data, IsOurs: false } trouble) return null;
        if (!result.Replies.Append(trouble.Reply).Any(SaysTooMany)) return null;
        var most = result.Accepted < result.Replies.Count ? result.Accepted : result.Accepted / 2;
        return most > 0 ? most : null;
    }

    private static bool SaysTooMany(SmtpReply? reply) =>
        reply is { IsPositive: false }
        && (reply.Enhanced is { Subject: 5, Detail: 3 } || reply.Text.Contains("too many recip", StringComparison.OrdinalIgnoreCase));

    private static bool IsTooManyRecipients(SmtpReply reply) =>
        (reply.IsTransient || reply.Code == 552)
        && (reply.Enhanced is { Subject: 5, Detail: 3 }
            || (reply.Enhanced.IsNone && reply.Text.Contains("too many recipients", StringComparison.OrdinalIgnoreCase)));

    // A permanent reply gets a permanent status in the DSN, even where its enhanced code claims otherwise.
    private static EnhancedCode Status(SmtpReply reply) =>
        reply.Enhanced.IsNone ? new EnhancedCode(5, 0, 0) : reply.Enhanced with { Class = 5 };

    private static Verdict.Failed Failed(EnhancedCode status, string explanation) => new(Scope.Message, status, null, explanation);
}
