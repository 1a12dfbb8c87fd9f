using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Buffers;
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
    // More than the added fields of most messages.
    private const int UsualLength = 1024;

    /// <summary>What hashes a body for the signatures while it arrives; null where nothing is signed.</summary>
    public ArrivingBody? Arriving() => keys.Current.IsEmpty ? null : new ArrivingBody(DkimSigningPolicy.Default.Body);

    /// <param name="header">Of the message as it will be sent.</param>
    public byte[] Make(
        in AcceptanceStamp stamp, IncomingMessage message, Envelope envelope, HeaderBlock header, in PrefixWishes wishes)
    {
        using var added = new RentedWriter(UsualLength);
        ReceivedField.Write(added, stamp, message, envelope.SmtpUtf8, policy.HideClientAddress);
        added.Write($"{Unsubscribe(stamp, message, header, wishes.Unsubscribe)}");
        if (paths is not null) added.Write($"{ReturnPaths.ReferenceField}: {Reference(paths, stamp, message)}\r\n");
        AddedFields.Write(added, stamp, header, message.ReversePath);

        var signers = wishes.AuthorDomain is null ? [] : keys.Current.For(wishes.AuthorDomain);
        var signatures = DkimSigner.Sign(
            added.WrittenMemory, header, signers, DkimSigningPolicy.Default, stamp.At, message.BodyHash);
        return [.. signatures, .. added.Written];
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

    private static string Reference(ReturnPaths paths, in AcceptanceStamp stamp, IncomingMessage message) => paths.Reference(
        message.Principal.Tenant, stamp.Id.Value, [.. message.Recipients.Select(recipient => recipient.Address)], stamp.At);
}
