using System.Collections.Concurrent;

namespace Webcluster.Delivery.Connections;

/// <summary>
/// Remembers hosts whose TLS failed, so that an opportunistic connection to them does without. Bounded; a full memory forgets all.
/// </summary>
internal sealed class BrokenTls(TimeSpan remember, TimeProvider time)
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    public bool Contains(string host)
    {
        if (_until.IsEmpty || !_until.TryGetValue(host, out var until)) return false;
        if (time.GetUtcNow() < until) return true;
        _until.TryRemove(host, out _);
        return false;
    }

    public void Add(string host)
    {
        if (_until.Count >= Most) _until.Clear();
        _until[host] = time.GetUtcNow() + remember;
    }
}
