namespace Webcluster.Queue.Suppression;

/// <summary>When an address is put on the list of its tenant although its server never said that it is gone: its mail fails again and again,
/// for a reason of the address that a rule is sure of.</summary>
public sealed class RepeatedSoftOptions
{
    /// <summary>So many messages, 0 to 20; 0: never. Default 5.</summary>
    public int Count { get; set; } = 5;

    /// <summary>In so long. Default 14d.</summary>
    public TimeSpan Within { get; set; } = TimeSpan.FromDays(14);

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Count is < 0 or > SoftFailureLimit.Most) yield return ("count", $"must be 0 to {SoftFailureLimit.Most}");
        if (Within < TimeSpan.FromHours(1) || Within > TimeSpan.FromDays(90)) yield return ("within", "must be 1h to 90d");
    }
}
