using System.Collections.Concurrent;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Traffic;

/// <summary>
/// What the servers of a lane have shown of themselves lately. Of this node: each finds out by itself. Forgotten after an hour, so that
/// what was chance does not stay, what is not sure after a quarter of one unless it shows again; bounded, a full memory forgets all. Safe for
/// concurrent use.
/// </summary>
internal sealed class LaneMemory<T>(TimeProvider time) where T : struct
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public static readonly TimeSpan KeptUnsure = TimeSpan.FromMinutes(15);

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<LaneKey, (T Shown, DateTimeOffset Until)> _shown = new();

    /// <returns>Null: nothing is known.</returns>
    public T? Find(LaneKey lane) => _shown.TryGetValue(lane, out var known) && time.GetUtcNow() < known.Until ? known.Shown : null;

    /// <param name="isSure">Also the first time.</param>
    /// <returns>For how long it is kept.</returns>
    public TimeSpan Put(LaneKey lane, T shown, bool isSure)
    {
        if (_shown.Count >= Most) _shown.Clear();
        var again = _shown.TryGetValue(lane, out var known) && EqualityComparer<T>.Default.Equals(known.Shown, shown);
        var kept = isSure || again ? Kept : KeptUnsure;
        _shown[lane] = (shown, time.GetUtcNow() + kept);
        return kept;
    }
}
