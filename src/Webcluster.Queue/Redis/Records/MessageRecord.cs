using System.Buffers;
using System.Buffers.Binary;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Redis.Records;

/// <summary>
/// The stored form of a message, written once. Version 1: version, packing, length of the head (4), of prefix (4) and body (4), accepted
/// (8) and expires (8) in UTC ticks, envelope; there the head ends. Then prefix and body, packed together. Numbers are big-endian. Frozen.
/// </summary>
/// <param name="Content">Null where the record was read without it.</param>
internal sealed record MessageRecord(
    Envelope Envelope, DateTimeOffset AcceptedAt, DateTimeOffset ExpiresAt, int ContentLength, MessageContent? Content)
{
    private const byte Version = 1;
    /// <summary>What stands in front of the envelope.</summary>
    public const int HeaderOctets = 30;

    public static byte[] Encode(NewMessage message)
    {
        var envelope = EnvelopeCodec.Encode(message.Envelope);
        var content = ArrayPool<byte>.Shared.Rent(message.Content.Length);
        message.Content.Prefix.Span.CopyTo(content);
        message.Content.Body.Span.CopyTo(content.AsSpan(message.Content.Prefix.Length));
        var packed = ContentPacking.TryPack(content.AsSpan(0, message.Content.Length), out var length);
        var stored = packed is null ? content.AsSpan(0, message.Content.Length) : packed.AsSpan(0, length);

        var head = HeaderOctets + envelope.Length;
        var record = new byte[head + stored.Length];
        record[0] = Version;
        record[1] = (byte)(packed is null ? PackingKind.Plain : PackingKind.Brotli);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(2), head);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(6), message.Content.Prefix.Length);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(10), message.Content.Body.Length);
        BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(14), message.AcceptedAt.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(22), message.ExpiresAt.UtcTicks);
        envelope.CopyTo(record, HeaderOctets);
        stored.CopyTo(record.AsSpan(head));
        ArrayPool<byte>.Shared.Return(content);
        if (packed is not null)
            ArrayPool<byte>.Shared.Return(packed);
        return record;
    }

    /// <summary>Reads the times from the beginning of a record.</summary>
    public static bool TryReadTimes(ReadOnlySpan<byte> record, out DateTimeOffset accepted, out DateTimeOffset expires)
    {
        (accepted, expires) = (default, default);
        return record.Length >= HeaderOctets && record[0] == Version
            && TryTime(record[14..], out accepted) && TryTime(record[22..], out expires);
    }

    /// <returns>Null where it is not a whole record of a known version, or not its whole head.</returns>
    public static MessageRecord? Decode(byte[] record)
    {
        if (record.Length < HeaderOctets || record[0] != Version)
            return null;
        var head = BinaryPrimitives.ReadInt32BigEndian(record.AsSpan(2));
        var prefix = BinaryPrimitives.ReadInt32BigEndian(record.AsSpan(6));
        var body = BinaryPrimitives.ReadInt32BigEndian(record.AsSpan(10));
        if (head < HeaderOctets || head > record.Length || prefix < 0 || body < 0 || prefix > Array.MaxLength - body
            || !TryTime(record.AsSpan(14), out var accepted) || !TryTime(record.AsSpan(22), out var expires)
            || !EnvelopeCodec.TryDecode(record.AsSpan(HeaderOctets, head - HeaderOctets), out var envelope))
            return null;
        MessageContent? content = null;
        if ((record.Length > head || prefix + body == 0) && !TryUnpack(record, head, prefix, body, out content))
            return null;
        return new MessageRecord(envelope, accepted, expires, prefix + body, content);
    }

    private static bool TryUnpack(byte[] record, int head, int prefix, int body, out MessageContent? content)
    {
        content = null;
        var (all, from) = (record, head);
        switch ((PackingKind)record[1])
        {
            case PackingKind.Plain when record.Length - head == prefix + body:
                break;
            case PackingKind.Brotli:
                (all, from) = (new byte[prefix + body], 0);
                if (!ContentPacking.TryUnpack(record.AsSpan(head), all))
                    return false;
                break;
            default:
                return false;
        }
        content = new MessageContent(all.AsMemory(from, prefix), all.AsMemory(from + prefix, body));
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> octets, out DateTimeOffset time)
    {
        var ticks = BinaryPrimitives.ReadInt64BigEndian(octets);
        var isTime = ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks;
        time = isTime ? new DateTimeOffset(ticks, TimeSpan.Zero) : default;
        return isTime;
    }
}
