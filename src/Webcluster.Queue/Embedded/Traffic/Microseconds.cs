namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>Time as traffic counts it: microseconds since 1970, which a double holds exactly until the year 2255.</summary>
internal static class Microseconds
{
    public static double Of(long ticks) => (ticks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    /// <returns>UTC ticks, at most those of the last time there is.</returns>
    public static long Ticks(double microseconds) =>
        DateTimeOffset.UnixEpoch.UtcTicks + (long)Math.Clamp(microseconds, 0, Most) * TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset Time(double microseconds) => new(Ticks(microseconds), TimeSpan.Zero);

    private static double Most => Of(DateTimeOffset.MaxValue.UtcTicks) - 1;
}
