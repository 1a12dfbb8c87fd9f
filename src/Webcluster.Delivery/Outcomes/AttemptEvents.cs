using System.Diagnostics;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Settling;

namespace Webcluster.Delivery.Outcomes;

/// <summary>
/// Says in events what an attempt came to, one for each recipient that it had an outcome for; another one where mail may arrive twice.
/// </summary>
internal sealed class AttemptEvents(IReplyClassifier classifier, string node)
{
    public IReadOnlyList<RecipientEvent> Of(AttemptOutcome outcome, AttemptContext context, Settlement settlement, DateTimeOffset now)
    {
        var common = Common(outcome, context, now);
        var events = new List<RecipientEvent>(outcome.Verdicts.Count);
        foreach (var (recipient, verdict) in outcome.Each())
        {
            if (verdict is Verdict.Deferred { IsDelay: false }) continue;
            var about = common with { Recipient = recipient.Address.ToString() };
            if (outcome.Delivery.MayHaveBeenSent && context.Session is not null)
                events.Add(new RecipientEvent(
                    about with { Kind = MailEventKind.PossibleDuplicate, Reason = "a node that died may have sent it" }));
            events.Add(Of(about, verdict, context.Lane.Provider, settlement as Settlement.Deferred));
            if (verdict is Verdict.Deferred { MaybeSent: true })
                events.Add(new RecipientEvent(
                    about with { Kind = MailEventKind.PossibleDuplicate, Reason = "the final dot was sent and no reply came" }));
        }

        return events;
    }

    /// <summary>It goes on in another lane, because its route changed.</summary>
    public MailEvent Moved(AttemptOutcome outcome, AttemptContext context, LaneKey to, DateTimeOffset now) =>
        Common(outcome, context, now) with { Kind = MailEventKind.Moved, Reason = $"the route leads to {to.Site} now" };

    private RecipientEvent Of(MailEvent about, Verdict verdict, string provider, Settlement.Deferred? deferral) => verdict switch
    {
        Verdict.Delivered delivered => new RecipientEvent(about with
        {
            Kind = MailEventKind.Delivered, Status = Status(delivered.Reply), Reply = delivered.Reply.ToString(),
        }),
        Verdict.Failed { Suppressed: not null } suppressed => new RecipientEvent(about with
        {
            Kind = MailEventKind.Suppressed, Status = suppressed.Status.ToString(), Reply = suppressed.Explanation,
        }),
        Verdict.Failed failed => Failed(about, failed, provider),
        Verdict.Deferred deferred => Deferred(about, deferred, provider, deferral),
        _ => throw new UnreachableException(),
    };

    private RecipientEvent Failed(MailEvent about, Verdict.Failed failed, string provider)
    {
        var reply = failed.Reply?.ToString() ?? failed.Explanation;
        var found = Meaning(about, failed.Meaning ?? classifier.Classify(reply, provider), reply);
        var happened = about with
        {
            Kind = failed.IsExpiry ? MailEventKind.Expired : MailEventKind.Bounced,
            Status = failed.Status.ToString(),
            Reply = reply,
            Bounce = found.Class.Text(),
            Permanent = failed.Reply?.IsPermanent,
        };
        // What this node finds by itself says nothing about the address, nor does what the server may have said of another.
        return new RecipientEvent(happened, failed.IsOfRecipient || failed.IsExpiry ? found : null);
    }

    private RecipientEvent Deferred(MailEvent about, Verdict.Deferred deferred, string provider, Settlement.Deferred? deferral)
    {
        var found = Meaning(about, deferred.Meaning ?? classifier.Classify(deferred.Explanation, provider), deferred.Explanation);
        var happened = about with
        {
            Kind = MailEventKind.Deferred,
            Reply = deferred.Explanation,
            Bounce = found.Class.Text(),
            Permanent = found.Permanent,
            NextAttempt = about.At + deferral?.After,
        };
        return new RecipientEvent(happened, found);
    }

    private static ReplyClassification Meaning(MailEvent about, ReplyClassification found, string reply) =>
        RefusedSender.Meaning(found, reply, about.Sender, about.Recipient);

    private MailEvent Common(AttemptOutcome outcome, AttemptContext context, DateTimeOffset now)
    {
        var (delivery, peer) = (outcome.Delivery, context.Session?.Peer);
        return new MailEvent
        {
            Kind = MailEventKind.Deferred,
            At = now,
            Message = delivery.Id.Message.ToString(),
            Tenant = delivery.Envelope.Tenant,
            Tags = delivery.Envelope.Tags.Values is { Count: > 0 } tags ? tags : null,
            Sender = delivery.Envelope.ReversePath?.ToString() ?? "",
            Size = delivery.ContentLength,
            Provider = context.Lane.Provider,
            Site = context.Lane.Site,
            Pool = context.Lane.Pool,
            Source = context.Source,
            Host = peer?.Host ?? context.Host,
            Address = peer?.Address.Address.ToString(),
            Tls = peer?.Tls,
            Attempt = delivery.Attempts + 1,
            TookMs = (long)context.Took.TotalMilliseconds,
            QueuedMs = (long)(now - delivery.AcceptedAt).TotalMilliseconds,
            Node = node,
        };
    }

    private static string? Status(SmtpReply reply) => reply.Enhanced.IsNone ? null : reply.Enhanced.ToString();
}
