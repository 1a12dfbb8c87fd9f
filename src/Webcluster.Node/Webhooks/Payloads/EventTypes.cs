using System.Diagnostics;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Webhooks.Payloads;

/// <summary>What events are called in webhooks. The names are frozen: receivers go by them (docs/operations/webhooks.md).</summary>
internal static class EventTypes
{
    /// <summary>What an operator sends to see whether it arrives.</summary>
    public const string Test = "webhook.test";

    public static string Of(MailEventKind kind) => kind switch
    {
        MailEventKind.Accepted => "message.accepted",
        MailEventKind.Deferred => "message.deferred",
        MailEventKind.Delivered => "message.delivered",
        MailEventKind.Bounced => "message.bounced",
        MailEventKind.BouncedLater => "message.bounced_later",
        MailEventKind.Expired => "message.expired",
        MailEventKind.Complained => "message.complained",
        MailEventKind.Suppressed => "message.suppressed",
        MailEventKind.Unsubscribed => "recipient.unsubscribed",
        MailEventKind.Held => "message.held",
        MailEventKind.Moved => "message.moved",
        MailEventKind.Dropped => "message.dropped",
        MailEventKind.PossibleDuplicate => "message.possible_duplicate",
        MailEventKind.LimitChanged => "source.limit_changed",
        MailEventKind.SourceChanged => "source.changed",
        _ => throw new UnreachableException(),
    };
}
