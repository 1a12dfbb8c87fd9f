using System.Diagnostics.CodeAnalysis;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Queue.Messages;

/// <summary>
/// The stored form of an envelope, the same in every store. Version 1: version, flags, return, [local part, domain], [envelope id], tenant.
/// Version 2, written where there are tags: the same, then the tags separated by spaces. The numbers are frozen; a change is a new version
/// that still reads these.
/// </summary>
internal static class EnvelopeCodec
{
    private const byte Untagged = 1;
    private const byte Tagged = 2;

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        ReversePath = 1,
        EnvelopeId = 2,
        EightBit = 4,
        SmtpUtf8 = 8,
        TlsRequired = 16,
        TlsRelaxed = 32,
        All = 63,
    }

    public static byte[] Encode(Envelope envelope)
    {
        var writer = new FieldWriter(256);
        var tags = envelope.Tags.ToString();
        writer.Octet(tags.Length > 0 ? Tagged : Untagged);
        writer.Octet((byte)PartsOf(envelope));
        writer.Octet((byte)envelope.Return);
        if (envelope.ReversePath is { } sender)
        {
            writer.Text(sender.LocalPart);
            writer.Text(sender.Domain);
        }
        if (envelope.EnvelopeId is { } id)
            writer.Text(id);
        writer.Text(envelope.Tenant);
        if (tags.Length > 0)
            writer.Text(tags);
        return writer.Finish();
    }

    /// <returns>False where the record is not a whole envelope of a known version.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> record, [NotNullWhen(true)] out Envelope? envelope)
    {
        envelope = null;
        var reader = new FieldReader(record);
        var version = reader.Octet();
        if (version is not (Untagged or Tagged))
            return false;
        var parts = (Parts)reader.Octet();
        var returned = (DsnReturn)reader.Octet();
        if ((parts & ~Parts.All) != Parts.None || returned > DsnReturn.Headers)
            return false;
        var sender = parts.HasFlag(Parts.ReversePath) ? new Mailbox(reader.Text(), reader.Text()) : null;
        var id = parts.HasFlag(Parts.EnvelopeId) ? reader.Text() : null;
        var tenant = reader.Text();
        var tags = version == Tagged ? MessageTags.Parse(reader.Text()) : default;
        if (!reader.Ended)
            return false;
        envelope = new Envelope(sender, id, returned, parts.HasFlag(Parts.EightBit), parts.HasFlag(Parts.SmtpUtf8), tenant, tags)
        {
            Tls = parts.HasFlag(Parts.TlsRequired) ? TlsWish.Required : parts.HasFlag(Parts.TlsRelaxed) ? TlsWish.Relaxed : TlsWish.Usual,
        };
        return true;
    }

    private static Parts PartsOf(Envelope envelope) =>
        (envelope.ReversePath is null ? Parts.None : Parts.ReversePath) | (envelope.EnvelopeId is null ? Parts.None : Parts.EnvelopeId)
        | (envelope.EightBit ? Parts.EightBit : Parts.None) | (envelope.SmtpUtf8 ? Parts.SmtpUtf8 : Parts.None)
        | (envelope.Tls == TlsWish.Required ? Parts.TlsRequired : Parts.None)
        | (envelope.Tls == TlsWish.Relaxed ? Parts.TlsRelaxed : Parts.None);
}
