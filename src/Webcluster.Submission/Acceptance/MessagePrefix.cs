using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue.Messages;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Unsubscribing;

namespace Webcluster.Submission.Acceptance;

/// <summary>What a message is to have in front of it.</summary>
/// <param name="AuthorDomain">Whom it is signed for; null: nobody is known.</param>
internal readonly record struct PrefixWishes(string? AuthorDomain, UnsubscribeWish Unsubscribe);

/// <summary>
/// Makes what stands in front of the sender's own octets: added fields, and before them the signatures that cover them.
/// </summary>
/// <param name="links">Null: no mail gets any.</param>
/// <param name="paths">Null: reports do not come back here, so nothing names the message for them.</param>
internal sealed class MessagePrefix(
    SubmissionPolicy policy, IDkimKeySource keys, UnsubscribeLinks? links, ReturnPaths? paths, ILogger<MessagePrefix> log)
{
    /// <param name="header">Of the message as it will be sent.</param>
    public byte[] Make(
        in AcceptanceStamp stamp, IncomingMessage message, Envelope envelope, HeaderBlock header, in PrefixWishes wishes)
    {
        var received = ReceivedField.Format(stamp, message, envelope.SmtpUtf8, policy.HideClientAddress);
        var back = Unsubscribe(stamp, message, header, wishes.Unsubscribe) + Reference(stamp, message);
        var added = AddedFields.Compose(stamp, received + back, header, message.ReversePath);
        var signers = wishes.AuthorDomain is null ? [] : keys.Current.For(wishes.AuthorDomain);
        var signatures = DkimSigner.Sign(added, header, signers, DkimSigningPolicy.Default, stamp.At);
        return signatures.Length == 0 ? added : [.. signatures, .. added];
    }

    // One copy goes to all recipients, so a link in it would be everybody's.
    private string Unsubscribe(in AcceptanceStamp stamp, IncomingMessage message, HeaderBlock header, UnsubscribeWish wish)
    {
        var tenant = message.Principal.Tenant;
        if (links is null || !links.IsWanted(wish, tenant) || UnsubscribeLinks.HasOwn(header)) return "";
        if (message.Recipients.Count == 1) return links.Fields(tenant, wish.List, message.Recipients[0].Address, stamp.At);
        log.UnsubscribeLinksLeftOut(stamp.Id, message.Recipients.Count);
        return "";
    }

    private string Reference(in AcceptanceStamp stamp, IncomingMessage message) => paths is null
        ? ""
        : $"{ReturnPaths.ReferenceField}: {paths.Reference(
            message.Principal.Tenant, stamp.Id.Value, [.. message.Recipients.Select(recipient => recipient.Address)], stamp.At)}\r\n";
}
