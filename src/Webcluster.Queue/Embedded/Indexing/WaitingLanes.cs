namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// The lanes that wait for their provider, in the order in which they are let go: by time, and at the same time by the names of site and
/// pool, as the shared queue orders them.
/// </summary>
internal sealed class WaitingLanes
{
    private readonly SortedSet<Place> _places = new(Comparer<Place>.Create(Compare));
    private readonly Dictionary<Lane, Place> _byLane = [];

    public int Count => _places.Count;

    /// <summary>The first of them; null where none waits.</summary>
    public Lane? First => _places.Min?.Lane;

    /// <summary>The time of the first, which may be over; null where none waits.</summary>
    public long? FirstTime => _places.Min?.Time;

    /// <summary>Puts a lane in, or moves it.</summary>
    public void Set(Lane lane, long time)
    {
        Remove(lane);
        var place = new Place(lane, time, $"{Part(lane.Key.Site, lane.Key.Provider)}{Part(lane.Key.Pool)}");
        _places.Add(place);
        _byLane.Add(lane, place);
    }

    /// <summary>One that does not wait is passed over.</summary>
    public void Remove(Lane lane)
    {
        if (_byLane.Remove(lane, out var place))
            _places.Remove(place);
    }

    private static string Part(string name, string? same = null) => name == same ? "=" : $"{name.Length}:{name}";

    private static int Compare(Place one, Place other) =>
        one.Time != other.Time ? one.Time.CompareTo(other.Time) : string.CompareOrdinal(one.Name, other.Name);

    private sealed record Place(Lane Lane, long Time, string Name);
}
