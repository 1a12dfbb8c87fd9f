namespace Webcluster.Submission.Auth;

/// <summary>
/// Remembers which passwords were found right, for a while. Bounded: beyond the capacity the oldest is forgotten. Safe for concurrent use.
/// </summary>
internal sealed class VerifiedCache(TimeProvider time, TimeSpan lifetime, int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<VerifiedKey, long> _verified = [];
    private readonly Queue<VerifiedKey> _order = new();

    public bool Contains(VerifiedKey key)
    {
        lock (_lock) return _verified.TryGetValue(key, out var since) && time.GetElapsedTime(since) < lifetime;
    }

    public void Add(VerifiedKey key)
    {
        lock (_lock)
        {
            if (!_verified.ContainsKey(key))
            {
                if (_order.Count >= capacity) _verified.Remove(_order.Dequeue());
                _order.Enqueue(key);
            }

            _verified[key] = time.GetTimestamp();
        }
    }
}
