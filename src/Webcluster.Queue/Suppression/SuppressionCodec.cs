using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Webcluster.Queue.Suppression;

/// <summary>
/// An entry but for its key, as both queues store it. Frozen: reason (1 octet), added and expiry (seconds since 1970, 4 octets each,
/// big-endian; 0: never), length of the source (1 octet; 255: a UUID of 16 octets), source, note. Scripts read the first nine octets.
/// </summary>
internal static class SuppressionCodec
{
    private const int Head = 10;
    private const int GuidOctets = 16;
    private const byte GuidMark = 255;

    public static byte[] Encode(SuppressionEntry entry)
    {
        var isGuid = Guid.TryParseExact(entry.Source, "D", out var guid) && guid.ToString("D") == entry.Source;
        var source = isGuid ? guid.ToByteArray(bigEndian: true) : Encoding.ASCII.GetBytes(entry.Source);
        var record = new byte[Head + source.Length + Encoding.UTF8.GetByteCount(entry.Note)];
        record[0] = (byte)entry.Reason;
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(1), Seconds(entry.AddedAt));
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(5), entry.ExpiresAt is { } ends ? Seconds(ends) : 0);
        record[9] = isGuid ? GuidMark : (byte)source.Length;
        source.CopyTo(record, Head);
        Encoding.UTF8.GetBytes(entry.Note, record.AsSpan(Head + source.Length));
        return record;
    }

    public static bool TryDecode(SuppressionKey key, ReadOnlySpan<byte> record, [NotNullWhen(true)] out SuppressionEntry? entry)
    {
        entry = null;
        if (record.Length < Head || !Enum.IsDefined((SuppressionReason)record[0])) return false;
        var isGuid = record[9] == GuidMark;
        var length = isGuid ? GuidOctets : record[9];
        if (record.Length < Head + length) return false;
        var source = record.Slice(Head, length);
        entry = new SuppressionEntry(key, (SuppressionReason)record[0], Time(record[1..]))
        {
            ExpiresAt = EndsAt(record) == 0 ? null : Time(record[5..]),
            Source = isGuid ? new Guid(source, bigEndian: true).ToString("D") : Encoding.ASCII.GetString(source),
            Note = Encoding.UTF8.GetString(record[(Head + length)..]),
        };
        return true;
    }

    /// <summary>When a record's entry expires, in seconds since 1970; 0: never.</summary>
    public static long EndsAt(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32BigEndian(record[5..]);

    /// <summary>
    /// An entry takes the place of an older one where it lasts as long, or somebody put it there by hand: a soft bounce must not end a
    /// complaint.
    /// </summary>
    public static bool Replaces(ReadOnlySpan<byte> newer, ReadOnlySpan<byte> older) =>
        newer[0] == (byte)SuppressionReason.Manual || Lasts(newer) >= Lasts(older);

    private static long Lasts(ReadOnlySpan<byte> record) => EndsAt(record) is > 0 and var ends ? ends : long.MaxValue;

    private static uint Seconds(DateTimeOffset time) => (uint)Math.Clamp(time.ToUnixTimeSeconds(), 1, uint.MaxValue);

    private static DateTimeOffset Time(ReadOnlySpan<byte> seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(seconds));
}
