using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Webcluster.Delivery.Connections;

/// <summary>
/// Remembers hosts whose TLS failed, so that an opportunistic connection to them does without. Bounded; a full memory forgets all.
/// </summary>
internal sealed partial class BrokenTls(TimeSpan remember, TimeProvider time, ILogger<BrokenTls> log)
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

    public void Add(string host, string reason)
    {
        if (_until.Count >= Most) _until.Clear();
        var until = time.GetUtcNow() + remember;
        _until[host] = until;
        DoneWithout(host, until, reason);
    }

    [LoggerMessage(3053, LogLevel.Information,
        "TLS with {Host} is broken: {Reason}; until {Until:yyyy-MM-dd HH:mm} mail goes there without, where its policy allows")]
    private partial void DoneWithout(string host, DateTimeOffset until, string reason);
}
