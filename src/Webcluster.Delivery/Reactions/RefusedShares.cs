using System.Collections.Concurrent;

namespace Webcluster.Delivery.Reactions;

/// <summary>
/// How much of what a source tries at a provider is refused for the source's sake: several refusals in a short time, and a share of all, so
/// that a busy source is not slowed down by a few. Bounded; a full memory forgets all. Safe for concurrent use.
/// </summary>
internal sealed class RefusedShares(ReactionOptions options, TimeProvider time)
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(string Provider, string Source), Window> _windows = new();

    public void Tried(string provider, string source)
    {
        if (options.SlowAfter > 0) WindowOf(provider, source).Tried(time.GetUtcNow());
    }

    /// <returns>Whether these are so many that the source is to send less; then counting begins anew.</returns>
    public bool IsEnough(string provider, string source) =>
        options.SlowAfter > 0 && WindowOf(provider, source).Refused(time.GetUtcNow());

    private Window WindowOf(string provider, string source)
    {
        if (_windows.TryGetValue((provider, source), out var known)) return known;
        if (_windows.Count >= Most) _windows.Clear();
        return _windows.GetOrAdd((provider, source), static (_, options) => new Window(options), options);
    }

    private sealed class Window(ReactionOptions options)
    {
        private readonly Lock _lock = new();
        private DateTimeOffset _began;
        private long _tried;
        private long _refused;

        public void Tried(DateTimeOffset now)
        {
            lock (_lock)
            {
                if (now - _began >= options.SlowWithin) (_began, _tried, _refused) = (now, 0, 0);
                _tried++;
            }
        }

        public bool Refused(DateTimeOffset now)
        {
            lock (_lock)
            {
                if (now - _began >= options.SlowWithin) (_began, _tried, _refused) = (now, 0, 0);
                _refused++;
                if (_refused < options.SlowAfter || _refused * 100 < _tried * options.SlowPercent) return false;
                (_tried, _refused) = (0, 0);
                return true;
            }
        }
    }
}
