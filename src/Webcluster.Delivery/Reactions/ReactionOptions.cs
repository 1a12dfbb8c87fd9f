namespace Webcluster.Delivery.Reactions;

/// <summary>What is done about refusals that are about the sender, by their class (docs/classification.md).</summary>
public sealed class ReactionOptions
{
    /// <summary>
    /// A source's rate to a provider is halved, for a while, after so many refusals that are about the source and that no reply rule of the
    /// provider knows. 0: never. Default 5.
    /// </summary>
    public int SlowAfter { get; set; } = 5;

    /// <summary>Within so long. Default 5m.</summary>
    public TimeSpan SlowWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Where they are at least this share of what was tried. Default 10 (percent): a single customer's refusals slow down nobody
    /// else.</summary>
    public int SlowPercent { get; set; } = 10;

    /// <summary>A line in the log for each class that needs somebody to look, and provider, at most once in so long. Default 1h.</summary>
    public TimeSpan AlarmEvery { get; set; } = TimeSpan.FromHours(1);

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (SlowAfter < 0) yield return ("slow_after", "must not be negative");
        if (SlowWithin < TimeSpan.FromSeconds(1) || SlowWithin > TimeSpan.FromDays(1)) yield return ("slow_within", "must be 1s to 1d");
        if (SlowPercent is < 0 or > 100) yield return ("slow_percent", "must be 0 to 100");
        if (AlarmEvery < TimeSpan.FromMinutes(1)) yield return ("alarm_every", "must be at least 1m");
    }
}
