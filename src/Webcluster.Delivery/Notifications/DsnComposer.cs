using System.Diagnostics;
using Webcluster.Delivery.Outcomes;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dsn;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Notifications;

/// <summary>Says which recipients of an attempt the sender wants to hear of (RFC 3461 §4.1), and as what. Pure.</summary>
/// <param name="reportsComeHere">Mail leaves with return paths of this node: no server beyond can report to the sender.</param>
internal sealed class DsnComposer(string hostName, TimeSpan delayNotice, bool reportsComeHere)
{
    /// <summary>The entries of the report; empty: no report. Mail with the null reverse-path never gets one.</summary>
    /// <param name="server">What the server offered, null where none was reached: one that offers DSN reports success itself.</param>
    public IReadOnlyList<DsnRecipient> Select(AttemptOutcome outcome, string? remoteHost, ServerCapabilities? server, DateTimeOffset now)
    {
        if (outcome.Delivery.Envelope.ReversePath is null) return [];
        var entries = new List<DsnRecipient>();
        foreach (var (recipient, verdict) in outcome.Each())
            if (Entry(recipient, verdict, server, outcome.Delivery, now) is { } entry)
                entries.Add(entry with { RemoteMta = entry.Diagnostic is null ? null : remoteHost, LastAttempt = now });
        return entries;
    }

    /// <summary>Will this attempt tell the sender of the delay? Then the recipient must be marked.</summary>
    public bool IsDelayNotice(QueuedRecipient recipient, ClaimedDelivery delivery, DateTimeOffset now) =>
        delivery.Envelope.ReversePath is not null && !recipient.DelayNotified && recipient.Notify.HasFlag(DsnNotify.Delay)
        && now - delivery.AcceptedAt >= delayNotice;

    public DsnReport Report(
        ClaimedDelivery delivery, IReadOnlyList<DsnRecipient> entries, ReadOnlyMemory<byte> original, DateTimeOffset now)
    {
        var id = IdFor(delivery, entries);
        var sender = delivery.Envelope.ReversePath ?? throw new ArgumentException("the null reverse-path gets no report", nameof(delivery));
        var utf8 = !sender.IsAscii || entries.Any(entry => !entry.Recipient.IsAscii);
        return new DsnReport(
            hostName, new Mailbox("MAILER-DAEMON", hostName), sender, $"{id}@{hostName}", $"=_{id.Value:N}", now,
            delivery.Envelope.EnvelopeId, delivery.AcceptedAt, entries, original, Returned(delivery.Envelope), utf8);
    }

    /// <summary>The same report for the same attempt has the same id, so that storing it again after a crash changes nothing.</summary>
    public static MessageId IdFor(ClaimedDelivery delivery, IReadOnlyList<DsnRecipient> entries)
    {
        // The recipients are part of it, because attempts that do not count have the same number.
        var about = string.Join('\n', entries.Select(entry => $"{entry.Action} {entry.Recipient}"));
        return delivery.Id.Message.For($"{delivery.Id}/{delivery.Attempts}\n{about}");
    }

    // rfc8689#5: a report may travel less protected than what it is about had to.
    private static DsnReturn Returned(Envelope envelope) => envelope.Tls == TlsWish.Required ? DsnReturn.Headers : envelope.Return;

    private DsnRecipient? Entry(
        QueuedRecipient recipient, Verdict verdict, ServerCapabilities? server, ClaimedDelivery delivery, DateTimeOffset now)
    {
        var notify = recipient.Notify;
        return verdict switch
        {
            // rfc3461#4.1: without NOTIFY, failures are reported.
            Verdict.Failed failed => notify == DsnNotify.NotGiven || notify.HasFlag(DsnNotify.Failure)
                ? Of(DsnAction.Failed, failed.Status, failed.Reply, failed.Explanation)
                : null,
            // rfc3461#5.2.2: told on to a server that does not know DSN, or the sender, so "relayed" is all that will ever be known.
            Verdict.Delivered delivered => notify.HasFlag(DsnNotify.Success) && server is not null && (reportsComeHere || !server.Dsn)
                ? Of(DsnAction.Relayed, new EnhancedCode(2, 0, 0), delivered.Reply,
                    "the message was relayed to a server that may send no further report")
                : null,
            Verdict.Deferred deferred => deferred.IsDelay && IsDelayNotice(recipient, delivery, now)
                ? Of(DsnAction.Delayed, new EnhancedCode(4, 4, 7), null, deferred.Explanation) with { WillRetryUntil = delivery.ExpiresAt }
                : null,
            _ => throw new UnreachableException(),
        };

        DsnRecipient Of(DsnAction action, EnhancedCode status, SmtpReply? reply, string explanation) =>
            new(recipient.Address, recipient.OriginalRecipient, action, status, null, reply, explanation, null, null);
    }
}
