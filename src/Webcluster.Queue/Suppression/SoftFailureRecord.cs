using System.Buffers.Binary;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Suppression;

/// <summary>
/// The failures of an address as both queues store them, oldest first. Frozen: for each its time (seconds since 1970, 4 octets, big-endian)
/// and the message's mark. The shared queue's script does the same.
/// </summary>
internal static class SoftFailureRecord
{
    private const int TimeOctets = 4;
    private const int Stride = TimeOctets + MarkOctets;

    /// <summary>The end of a message's id: chance made it.</summary>
    public const int MarkOctets = 4;

    public static byte[] MarkOf(MessageId message) => message.Value.ToByteArray(bigEndian: true)[^MarkOctets..];

    public static int CountOf(ReadOnlySpan<byte> record) => record.Length / Stride;

    /// <returns>The record without what is too old, and with this failure unless it has it.</returns>
    public static byte[] With(ReadOnlySpan<byte> record, uint seconds, ReadOnlySpan<byte> mark, SoftFailureLimit limit)
    {
        var (kept, isKnown) = (new List<byte>(limit.Count * Stride), false);
        for (; record.Length >= Stride; record = record[Stride..])
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(record) + limit.Within.TotalSeconds <= seconds) continue;
            kept.AddRange(record[..Stride]);
            isKnown |= record[TimeOctets..Stride].SequenceEqual(mark);
        }

        if (!isKnown)
        {
            Span<byte> time = stackalloc byte[TimeOctets];
            BinaryPrimitives.WriteUInt32BigEndian(time, seconds);
            kept.AddRange(time);
            kept.AddRange(mark);
        }

        if (kept.Count > limit.Count * Stride) kept.RemoveRange(0, kept.Count - limit.Count * Stride);
        return [.. kept];
    }
}
