using System.Collections.Concurrent;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Traffic;

/// <summary>
/// What the servers of a lane have shown of themselves lately. Of this node: each finds out by itself. Forgotten after an hour, so that
/// what was chance does not stay; bounded, a full memory forgets all. Safe for concurrent use.
/// </summary>
internal sealed class LaneMemory<T>(TimeProvider time) where T : struct
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<LaneKey, (T Shown, DateTimeOffset Until)> _shown = new();

    /// <returns>Null: nothing is known.</returns>
    public T? Find(LaneKey lane) => _shown.TryGetValue(lane, out var known) && time.GetUtcNow() < known.Until ? known.Shown : null;

    public void Put(LaneKey lane, T shown)
    {
        if (_shown.Count >= Most) _shown.Clear();
        _shown[lane] = (shown, time.GetUtcNow() + Kept);
    }
}
