namespace Webcluster.Benchmarks.Latency;

/// <summary>Mails that arrived one after another: how many in a second, and how long they took, in milliseconds.</summary>
/// <param name="Refused">Of all mails sent so far, like <paramref name="Missing"/> and <paramref name="Twice"/>: not accepted.</param>
/// <param name="Missing">Accepted, and not arrived.</param>
/// <param name="Twice">Arrivals of mails that had arrived before.</param>
internal sealed record LatencyReport(
    bool IsLast, int Mails, double Rate, float? P50, float? P90, float? P99, float? Max, int Refused, int Missing, int Twice)
{
    /// <summary>Of those that arrived in that time, the last of all.</summary>
    /// <param name="from">The first one in the order of arrival.</param>
    public static LatencyReport Of(Flights flights, int from, TimeSpan time)
    {
        var until = flights.Arrivals;
        var took = flights.Took(from, until);
        return new LatencyReport(
            false, until - from, Math.Round((until - from) / Math.Max(time.TotalSeconds, 0.001), 1),
            took.At(0.5), took.At(0.9), took.At(0.99), took.At(1), flights.Refused, flights.Missing, flights.Twice);
    }
}
