namespace Webcluster.Queue.Suppression;

/// <summary>How long entries last, by their reason; 0s: for ever.</summary>
public sealed class SuppressionExpiry
{
    /// <summary>Default 0s: for ever (Amazon SES, Postmark, SparkPost).</summary>
    public TimeSpan HardBounce { get; set; }

    /// <summary>Default 30d: a full mailbox may be emptied.</summary>
    public TimeSpan RepeatedSoft { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Default 0s: for ever.</summary>
    public TimeSpan Complaint { get; set; }

    /// <summary>Default 0s: for ever.</summary>
    public TimeSpan Unsubscribe { get; set; }

    /// <summary>Default 0s: for ever.</summary>
    public TimeSpan Manual { get; set; }

    /// <returns>Null: for ever.</returns>
    public DateTimeOffset? EndOf(SuppressionReason reason, DateTimeOffset addedAt)
    {
        var lasts = reason switch
        {
            SuppressionReason.HardBounce => HardBounce,
            SuppressionReason.RepeatedSoft => RepeatedSoft,
            SuppressionReason.Complaint => Complaint,
            SuppressionReason.Unsubscribe => Unsubscribe,
            SuppressionReason.Manual => Manual,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (lasts <= TimeSpan.Zero) return null;
        return addedAt < DateTimeOffset.MaxValue - lasts ? addedAt + lasts : DateTimeOffset.MaxValue;
    }

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        (string Key, TimeSpan Value)[] all =
        [
            ("hard_bounce", HardBounce), ("repeated_soft", RepeatedSoft), ("complaint", Complaint), ("unsubscribe", Unsubscribe),
            ("manual", Manual),
        ];
        foreach (var (key, value) in all)
            if (value < TimeSpan.Zero || value > TimeSpan.FromDays(3650) || (value > TimeSpan.Zero && value < TimeSpan.FromSeconds(1)))
                yield return (key, "must be 1s to 3650d, or 0s for ever");
    }
}
