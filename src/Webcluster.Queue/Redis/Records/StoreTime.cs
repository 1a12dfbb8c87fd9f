using System.Buffers.Binary;
using System.Globalization;

namespace Webcluster.Queue.Redis.Records;

/// <summary>Time as the store counts it: microseconds since 1970, which a Lua number and a score hold exactly until the year
/// 2255.</summary>
internal static class StoreTime
{
    private static readonly long Most = Microseconds(DateTimeOffset.MaxValue);

    /// <summary>Rounded up: nothing is due before its time.</summary>
    public static long Microseconds(DateTimeOffset time) => Microseconds(time - DateTimeOffset.UnixEpoch);

    /// <summary>Rounded up.</summary>
    public static long Microseconds(TimeSpan span) => (span.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset Time(long microseconds) =>
        DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(Math.Clamp(microseconds, 0, Most - 1));

    public static bool TryRead(ReadOnlySpan<byte> octets, out DateTimeOffset time)
    {
        var microseconds = BinaryPrimitives.ReadInt64BigEndian(octets);
        time = Time(microseconds);
        return microseconds >= 0 && microseconds < Most;
    }

    /// <returns>Null for an empty text.</returns>
    public static DateTimeOffset? Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) ? Time(microseconds) : null;
}
