using System.Globalization;
using Webcluster.Delivery.Pools;
using Webcluster.Delivery.Sources;

namespace Webcluster.Delivery.Availability;

/// <summary>
/// Which sources this node can use now. A source is left out while its address is not this node's or its proxy is away, until the first day
/// of its warm-up, and for a rest after a connection failed through no fault of its destination. What is asked often is a snapshot, swapped
/// whole. Safe for concurrent use.
/// </summary>
internal sealed class SourceBook
{
    /// <summary>How long a source is left out at least after it failed at work: a probe may not see what a connection met.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly EgressPlan _plan;
    private readonly SourceLog _log;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Trouble> _troubles = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, IReadOnlyList<PoolSource>> _usable;

    public SourceBook(EgressPlan plan, SourceLog log, TimeProvider time)
    {
        _plan = plan;
        _log = log;
        _time = time;
        foreach (var source in plan.Sources) Probed(source, null);
        _usable = Usable();
    }

    public IReadOnlyList<Source> All => _plan.Sources;

    public IReadOnlyCollection<Pool> Pools => _plan.Pools;

    /// <summary>
    /// The usable sources of a pool; where there is none, those of its fallback, and so on; empty where there is none at all. An unknown
    /// pool is the default one.
    /// </summary>
    public IReadOnlyList<PoolSource> UsableOf(string pool) => _usable[_plan.PoolOf(pool).Name];

    /// <summary>Null where there is no such source.</summary>
    public Source? Find(string name) => _plan.Sources.FirstOrDefault(source => source.Name == name);

    /// <summary>Why a source is left out, and since when; null: it is not.</summary>
    public (string Reason, DateTimeOffset Since)? TroubleOf(Source source)
    {
        lock (_lock) return _troubles.TryGetValue(source.Name, out var trouble) ? (trouble.Reason, trouble.Since) : null;
    }

    /// <summary>A connection failed through no fault of its destination: the source rests, and then a probe decides.</summary>
    public void LeaveOut(Source source, string reason) => Change(source, reason, _time.GetUtcNow() + Rest);

    /// <summary>What a probe found: why the source cannot be used, or null. Before its first day it is not used all the same.</summary>
    public void Probed(Source source, string? reason) => Change(source, reason ?? NotBegun(source), rest: null);

    private string? NotBegun(Source source) =>
        source.Warmup?.Start is { } start && start > DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime)
            ? $"its first day is {start.ToString("O", CultureInfo.InvariantCulture)}" : null;

    private void Change(Source source, string? reason, DateTimeOffset? rest)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _troubles.TryGetValue(source.Name, out var known);
            if (reason is null)
            {
                if (known is null || known.RestsUntil > now) return;
                _troubles.Remove(source.Name);
                _log.Usable(source.Label, now - known.Since);
            }
            else
            {
                _troubles[source.Name] = new Trouble(reason, known?.Since ?? now, rest ?? known?.RestsUntil);
                // Said once, however often it is found again.
                if (known is not null) return;
                _log.LeftOut(source.Label, reason);
            }

            _usable = Usable();
        }
    }

    private Dictionary<string, IReadOnlyList<PoolSource>> Usable() =>
        _plan.Pools.ToDictionary(pool => pool.Name, UsableOf, StringComparer.Ordinal);

    private IReadOnlyList<PoolSource> UsableOf(Pool pool)
    {
        for (Pool? at = pool; at is not null; at = at.Fallback is { } fallback ? _plan.PoolOf(fallback) : null)
            if (at.Sources.Where(entry => !_troubles.ContainsKey(entry.Source.Name)).ToList() is { Count: > 0 } usable)
                return usable;
        return [];
    }

    private sealed record Trouble(string Reason, DateTimeOffset Since, DateTimeOffset? RestsUntil);
}
