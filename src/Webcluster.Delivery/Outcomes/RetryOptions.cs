namespace Webcluster.Delivery.Outcomes;

/// <summary>The retry schedule: the first wait, doubled after every attempt up to the longest, each with jitter.</summary>
public sealed class RetryOptions
{
    /// <summary>Wait after the first attempt. Default 5m (Postfix's minimal_backoff_time; greylisting wants no less).</summary>
    public TimeSpan First { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait. Default 4h.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Share of the wait that chance may add or take, so that retries do not come in waves. Default 20 (percent).</summary>
    public int JitterPercent { get; set; } = 20;

    /// <summary>
    /// How long a site that cannot be reached is left alone before one more try. Default 30s, doubling to <see cref="First"/>.
    /// </summary>
    public TimeSpan SitePause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Until this age mail is tried again although the server said never (5yz), where a sure rule reads the reply as greylisting, a limit
    /// on how much comes at once, or a broken connection. 0s: never. Default 1d: what such replies speak of has passed by then.
    /// </summary>
    public TimeSpan ByClass { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Age at which a sender who asked for it (NOTIFY=DELAY) is told of the delay. Default 4h (sendmail's, KumoMTA's none).
    /// </summary>
    public TimeSpan DelayNotice { get; set; } = TimeSpan.FromHours(4);

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (First <= TimeSpan.Zero) yield return ("first", "must be more than 0s");
        if (Longest < First) yield return ("longest", "must not be less than first");
        if (JitterPercent is < 0 or > 50) yield return ("jitter_percent", "must be 0 to 50");
        if (SitePause <= TimeSpan.Zero) yield return ("site_pause", "must be more than 0s");
        if (ByClass < TimeSpan.Zero) yield return ("by_class", "must not be negative");
        if (DelayNotice <= TimeSpan.Zero) yield return ("delay_notice", "must be more than 0s");
    }
}
