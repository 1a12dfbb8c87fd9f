using System.Diagnostics.CodeAnalysis;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Queue.Messages;

/// <summary>
/// The stored form of a delivery's recipients, the same in every store. Version 1: version, count, then for each: flags, notify, local
/// part, domain, [original recipient], [last reply]. The numbers are frozen; a change is a new version that still reads this one.
/// </summary>
internal static class RecipientsCodec
{
    private const byte Version = 1;
    private const int LeastOctets = 4;
    private const DsnNotify AllNotify = DsnNotify.Never | DsnNotify.Success | DsnNotify.Failure | DsnNotify.Delay;

    [Flags]
    private enum Parts : byte { None = 0, OriginalRecipient = 1, LastReply = 2, DelayNotified = 4, All = 7 }

    public static byte[] Encode(IReadOnlyList<QueuedRecipient> recipients)
    {
        var writer = new FieldWriter(64 + 64 * recipients.Count);
        writer.Octet(Version);
        writer.Count(recipients.Count);
        foreach (var recipient in recipients)
        {
            writer.Octet((byte)PartsOf(recipient));
            writer.Octet((byte)recipient.Notify);
            writer.Text(recipient.Address.LocalPart);
            writer.Text(recipient.Address.Domain);
            if (recipient.OriginalRecipient is { } original)
                writer.Text(original);
            if (recipient.LastReply is { } reply)
                writer.Text(reply);
        }
        return writer.Finish();
    }

    /// <returns>False where the record is not a whole list of a known version.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> record, [NotNullWhen(true)] out IReadOnlyList<QueuedRecipient>? recipients)
    {
        recipients = null;
        var reader = new FieldReader(record);
        if (reader.Octet() != Version)
            return false;
        var count = reader.Count();
        if (reader.Failed || count > reader.Left / LeastOctets)
            return false;
        var list = new QueuedRecipient[count];
        for (var i = 0; i < count; i++)
            if (!TryRead(ref reader, out list[i]))
                return false;
        recipients = list;
        return reader.Ended;
    }

    private static bool TryRead(ref FieldReader reader, out QueuedRecipient recipient)
    {
        var parts = (Parts)reader.Octet();
        var notify = (DsnNotify)reader.Octet();
        recipient = new QueuedRecipient(
            new Mailbox(reader.Text(), reader.Text()), notify,
            parts.HasFlag(Parts.OriginalRecipient) ? reader.Text() : null,
            parts.HasFlag(Parts.LastReply) ? reader.Text() : null,
            parts.HasFlag(Parts.DelayNotified));
        return !reader.Failed && (parts & ~Parts.All) == Parts.None && (notify & ~AllNotify) == DsnNotify.NotGiven;
    }

    private static Parts PartsOf(QueuedRecipient recipient) =>
        (recipient.OriginalRecipient is null ? Parts.None : Parts.OriginalRecipient)
        | (recipient.LastReply is null ? Parts.None : Parts.LastReply) | (recipient.DelayNotified ? Parts.DelayNotified : Parts.None);
}
