using System.Security.Cryptography;
using System.Text;

namespace Webcluster.Queue.Messages;

/// <summary>Names one accepted message: a UUIDv7, so ids sort by the time they were made.</summary>
public readonly record struct MessageId(Guid Value) : IComparable<MessageId>
{
    public static MessageId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public static bool TryParse(string? text, out MessageId id)
    {
        var parsed = Guid.TryParse(text, out var value);
        id = new MessageId(value);
        return parsed;
    }

    /// <summary>
    /// An id of the same time, so that it sorts beside this one; for the same text always the same. Version 7, variant 2 (RFC 9562 §5.7).
    /// </summary>
    public MessageId For(string text)
    {
        var bytes = Value.ToByteArray(bigEndian: true);
        SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 10).CopyTo(bytes.AsSpan(6));
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new MessageId(new Guid(bytes, bigEndian: true));
    }

    public int CompareTo(MessageId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("D");
}

/// <summary>Names one delivery: a message and the ordinal of the delivery in it, fixed when the message was accepted.</summary>
public readonly record struct DeliveryId(MessageId Message, int Ordinal)
{
    public override string ToString() => $"{Message}.{Ordinal}";
}
