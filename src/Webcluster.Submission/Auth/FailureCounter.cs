namespace Webcluster.Submission.Auth;

/// <summary>
/// Counts failures per key over a minute that begins with the first of them. Bounded: beyond the capacity the oldest key is forgotten.
/// Safe for concurrent use.
/// </summary>
internal sealed class FailureCounter<TKey>(TimeProvider time, int capacity) where TKey : notnull
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, (int Count, long Since)> _failures = [];
    private readonly Queue<TKey> _order = new();

    public int Count(TKey key)
    {
        lock (_lock) return _failures.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.Since) < Window ? entry.Count : 0;
    }

    /// <returns>The failures of this minute, this one included.</returns>
    public int Add(TKey key)
    {
        lock (_lock) return Put(key, Count(key) + 1);
    }

    /// <summary>It is known that there are as many.</summary>
    /// <returns>The failures of this minute.</returns>
    public int Raise(TKey key, int known)
    {
        lock (_lock) return Put(key, Math.Max(Count(key), known));
    }

    private int Put(TKey key, int count)
    {
        if (!_failures.TryGetValue(key, out var entry))
        {
            if (_order.Count >= capacity) _failures.Remove(_order.Dequeue());
            _order.Enqueue(key);
            entry.Since = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(entry.Since) >= Window)
        {
            entry.Since = time.GetTimestamp();
        }

        _failures[key] = (count, entry.Since);
        return count;
    }
}
