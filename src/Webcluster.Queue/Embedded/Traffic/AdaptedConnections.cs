namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>
/// Connections that a provider's replies lowered: one more is tried after each wait, until there are twice of what there were. Who tries and
/// fails waits twice as long for the next.
/// </summary>
/// <param name="Wait">Minutes.</param>
internal readonly record struct AdaptedConnections(int To, int Before, double Since, double Wait)
{
    private const double LongestWait = 64;

    /// <returns>Null: it is forgotten.</returns>
    public int? At(double now)
    {
        var present = To + Math.Floor((now - Since) / (Wait * Adaptation.Minute));
        return present < 2 * Before ? (int)present : null;
    }

    /// <summary>Where they are lowered again before one more was even tried, that is still the same failure.</summary>
    public static double WaitAfter(AdaptedConnections? last, double now)
    {
        if (last?.At(now) is not { } present)
            return 1;
        var wait = last.Value.Wait;
        return present == last.Value.To ? wait : Math.Min(LongestWait, 2 * wait);
    }
}
