namespace Webcluster.Queue.Redis.Durability;

/// <summary>What a server's settings are worth in a mode. Pure.</summary>
/// <param name="Faults">Why mail must not be accepted: setting and what is wrong with it.</param>
/// <param name="Lines">What belongs in redis.conf instead.</param>
/// <param name="Unchecked">What the server did not tell.</param>
internal sealed record DurabilityCheck(IReadOnlyList<string> Faults, IReadOnlyList<string> Lines, IReadOnlyList<string> Unchecked)
{
    public bool IsDurable => Faults.Count == 0;

    public static DurabilityCheck Of(DurabilityOptions options, RedisInfo info, ServerSettings settings)
    {
        var check = new Builder();
        var policy = settings.EvictionPolicy ?? Known(info.EvictionPolicy);
        check.Demand("maxmemory-policy", policy, "noeviction", "mail is evicted when memory is short");
        if (options.Mode is not DurabilityMode.Relaxed)
        {
            check.Demand("appendonly", AppendOnly(info, settings), "yes", "a restart loses mail");
            check.Demand("appendfsync", settings.AppendFsync, "always", "a power cut loses mail");
            check.Demand("no-appendfsync-on-rewrite", settings.NoFsyncOnRewrite, "no", "a power cut during a rewrite loses mail");
        }
        return new DurabilityCheck(check.Faults, check.Lines, check.Unchecked);
    }

    // What the process does counts, not what its file says.
    private static string? AppendOnly(RedisInfo info, ServerSettings settings) => info.AppendOnly switch
    {
        true => "yes",
        false => "no",
        null => settings.AppendOnly,
    };

    private static string? Known(string text) => text.Length > 0 ? text : null;

    private sealed class Builder
    {
        public List<string> Faults { get; } = [];

        public List<string> Lines { get; } = [];

        public List<string> Unchecked { get; } = [];

        public void Demand(string setting, string? found, string wanted, string otherwise)
        {
            if (found is null)
                Unchecked.Add(setting);
            else if (!string.Equals(found, wanted, StringComparison.Ordinal))
            {
                Faults.Add($"{setting} is {found}: {otherwise}");
                Lines.Add($"{setting} {wanted}");
            }
        }
    }
}
