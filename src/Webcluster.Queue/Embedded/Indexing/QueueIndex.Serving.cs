namespace Webcluster.Queue.Embedded.Indexing;

internal sealed partial class QueueIndex
{
    private HashSet<string> _unserved = [];

    /// <summary>Names lanes of these pools to nobody until told otherwise. O(lanes) where something changes.</summary>
    public void Without(IReadOnlyCollection<string> pools)
    {
        if (_unserved.SetEquals(pools))
            return;
        _unserved = [.. pools];
        foreach (var lane in _lanes.Values.ToList())
        {
            if (lane.IsServed == IsServed(lane))
                continue;
            lane.IsServed = IsServed(lane);
            Refresh(lane);
        }
    }

    private bool IsServed(Lane lane) => !_unserved.Contains(lane.Key.Pool);
}
