using System.Diagnostics;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>
/// PowerMTA's bounce categories, for the bounce classes (docs/events.md). Where its categories are finer, the enhanced code decides.
/// </summary>
internal static class BounceCategories
{
    /// <summary>Null: the event names no class.</summary>
    public static string? Of(MailEvent one)
    {
        if (one.Kind == MailEventKind.Expired) return "message-expired";
        if (one.Kind == MailEventKind.Suppressed) return "other";
        if (!BounceClasses.TryParse(one.Bounce, out var found)) return null;
        var code = EnhancedCode.TryParse(EventWords.Status(one), out var given) ? given : default;
        return Finer(found, code.Subject, code.Detail) ?? Of(found);
    }

    public static string Of(BounceClass found) => found switch
    {
        BounceClass.InvalidRecipient => "bad-mailbox",
        BounceClass.MailboxFull => "quota-issues",
        BounceClass.InactiveMailbox => "inactive-mailbox",
        BounceClass.Policy or BounceClass.AuthFailure or BounceClass.RateLimited or BounceClass.Greylisted => "policy-related",
        BounceClass.SpamContent or BounceClass.IpReputation or BounceClass.DomainReputation => "spam-related",
        BounceClass.MessageTooLarge => "content-related",
        BounceClass.DnsFailure => "routing-errors",
        BounceClass.ConnectionFailure => "bad-connection",
        BounceClass.ProtocolError => "protocol-errors",
        BounceClass.RelayDenied => "relaying-issues",
        BounceClass.TransientOther or BounceClass.PermanentOther => "other",
        _ => throw new UnreachableException(),
    };

    // rfc3463#3.2: x.1.2 bad destination system; rfc7505#4: x.1.10 null MX. The others are of classes that say nothing more.
    private static string? Finer(BounceClass found, ushort subject, ushort detail) => (found, subject, detail) switch
    {
        (BounceClass.InvalidRecipient or BounceClass.DnsFailure, 1, 2 or 10) => "bad-domain",
        (BounceClass.ConnectionFailure, 4, 1) => "no-answer-from-host",
        (BounceClass.ConnectionFailure or BounceClass.ProtocolError, 4, 4 or 6) => "routing-errors",
        (BounceClass.Policy or BounceClass.TransientOther or BounceClass.PermanentOther, 1, 7 or 8) => "invalid-sender",
        (BounceClass.TransientOther or BounceClass.PermanentOther, 3, 5) => "bad-configuration",
        (BounceClass.TransientOther or BounceClass.PermanentOther, 4, 4 or 6) => "routing-errors",
        _ => null,
    };
}
