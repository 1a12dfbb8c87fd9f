namespace Webcluster.Delivery.Outcomes;

/// <summary>
/// Says how long a delivery waits for its next attempt. Pure but for the jitter, whose chance comes in by the constructor.
/// </summary>
internal sealed class RetrySchedule(RetryOptions options, Random chance)
{
    /// <summary>After an attempt that counts: first, doubled per earlier attempt, at most longest.</summary>
    public TimeSpan AfterAttempt(int earlierAttempts)
    {
        var wait = options.First;
        for (var i = 0; i < earlierAttempts && wait < options.Longest; i++) wait *= 2;
        return Jitter(Min(wait, options.Longest));
    }

    /// <summary>
    /// After trouble of the site, which counts no attempt: as long again as the message has waited already, between first and longest,
    /// which doubles just the same.
    /// </summary>
    public TimeSpan AfterSiteTrouble(TimeSpan age) => Jitter(Min(age > options.First ? age : options.First, options.Longest));

    /// <summary>How long a site is left alone that failed <paramref name="failures"/> times in a row (at least 1).</summary>
    public TimeSpan SitePause(int failures)
    {
        var pause = options.SitePause;
        for (var i = 1; i < failures && pause < options.First; i++) pause *= 2;
        return Jitter(Min(pause, options.First));
    }

    private TimeSpan Jitter(TimeSpan wait)
    {
        var share = options.JitterPercent / 100.0;
        double dice;
        lock (chance) dice = chance.NextDouble();
        return wait * (1 - share + 2 * share * dice);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
