namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Whether a server's AOF may end in half a transaction from before its start. Redis 7.0 starts on such a file, appends behind it, and
/// throws all that away at the next start. A rewrite that this process has finished leaves the old file behind; every rewrite a process
/// runs began after its start. Used by one loop.
/// </summary>
internal sealed class RewriteGuard(TimeProvider time)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(5);
    private string? _run;
    private bool _startsWhole;
    private string? _safe;
    private string? _asked;
    private long _askedAt;

    /// <param name="settings">aof-load-truncated counts as it was when this start was first seen.</param>
    /// <param name="rewritten">run_id that the store has kept as sound.</param>
    public RewriteStep Look(RedisInfo info, ServerSettings settings, string? rewritten)
    {
        if (_run != info.RunId)
            (_run, _startsWhole) = (info.RunId, settings.LoadTruncated is "no");
        if (info.AppendOnly is false || _startsWhole || info.RunId == _safe)
            return RewriteStep.Safe;
        if (info.RunId.Length > 0 && info.RunId == rewritten)
            return Safe(info);
        if (info.RewriteUnderWay)
        {
            _asked = info.RunId;
            return RewriteStep.Wait;
        }
        if (HasFinished(info))
        {
            _safe = info.RunId;
            return RewriteStep.Finished;
        }
        return _asked == info.RunId && _askedAt != 0 && time.GetElapsedTime(_askedAt) < BetweenTries ? RewriteStep.Wait : RewriteStep.Ask;
    }

    /// <summary>A rewrite is asked for now.</summary>
    public void Asked(RedisInfo info) => (_asked, _askedAt) = (info.RunId, time.GetTimestamp());

    private RewriteStep Safe(RedisInfo info)
    {
        _safe = info.RunId;
        return RewriteStep.Safe;
    }

    private bool HasFinished(RedisInfo info) =>
        !info.LastRewriteFailed && (info.Rewrites is { } begun ? begun > 0 : _asked == info.RunId);
}

internal enum RewriteStep
{
    /// <summary>Nothing before this start can take anything with it.</summary>
    Safe,

    /// <summary>As <see cref="Safe"/>, from now on: worth keeping in the store.</summary>
    Finished,

    /// <summary>A rewrite should be asked for.</summary>
    Ask,

    /// <summary>One is under way, or was tried just now.</summary>
    Wait,
}
