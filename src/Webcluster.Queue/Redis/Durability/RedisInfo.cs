using System.Globalization;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// What a server says of itself in INFO. Fields that a server does not know are empty or 0, but for those that decide: their absence is
/// seen.
/// </summary>
internal sealed class RedisInfo
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    private RedisInfo()
    {
    }

    /// <summary>Changes with every start of the server's process.</summary>
    public string RunId => Text("run_id");

    public bool IsPrimary => Text("role") is "master";

    public bool IsLoading => Number("loading") != 0;

    /// <summary>Null where the server does not say.</summary>
    public bool? AppendOnly => Text("aof_enabled") switch { "1" => true, "0" => false, _ => null };

    public bool LastWriteFailed => Text("aof_last_write_status") is not ("ok" or "");

    public bool RewriteUnderWay => Number("aof_rewrite_in_progress") != 0 || Number("aof_rewrite_scheduled") != 0;

    public bool LastRewriteFailed => Text("aof_last_bgrewrite_status") is not ("ok" or "");

    /// <summary>Rewrites this process has begun; null where the server does not count them (before 7.0).</summary>
    public long? Rewrites => _fields.ContainsKey("aof_rewrites") ? Number("aof_rewrites") : null;

    public long UsedMemory => Number("used_memory");

    public long MaxMemory => Number("maxmemory");

    public string EvictionPolicy => Text("maxmemory_policy");

    /// <summary>Replicas that receive the stream now.</summary>
    public int OnlineReplicas => _fields.Count(line =>
        line.Key.StartsWith("slave", StringComparison.Ordinal) && line.Value.Contains("state=online", StringComparison.Ordinal));

    public static RedisInfo Parse(string text)
    {
        var info = new RedisInfo();
        foreach (var line in text.AsSpan().EnumerateLines())
            if (line.IndexOf(':') is > 0 and var colon && line[0] != '#')
                info._fields[line[..colon].ToString()] = line[(colon + 1)..].ToString();
        return info;
    }

    private string Text(string field) => _fields.GetValueOrDefault(field, "");

    private long Number(string field) =>
        long.TryParse(Text(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
