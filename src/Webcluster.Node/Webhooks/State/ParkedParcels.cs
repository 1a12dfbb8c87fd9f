using Webcluster.Node.Webhooks.Payloads;

namespace Webcluster.Node.Webhooks.State;

/// <summary>
/// What waits to be tried again, oldest first, within a bound. Of each message only the first can go: the head. Not safe for concurrent
/// use.
/// </summary>
internal sealed class ParkedParcels
{
    public const int Most = 200;

    // With what else a state holds it stays under the store's 1 MiB.
    private const int MostOctets = 640 * 1024;

    // So often it was tried for at least five minutes, while the endpoint took others.
    private const int EnoughFailures = 3;

    private readonly List<ParkedParcel> _all = [];
    private readonly Dictionary<string, int> _messages = new(StringComparer.Ordinal);
    private int _octets;

    public ParkedParcels() { }

    public ParkedParcels(IEnumerable<ParkedParcel> stored)
    {
        foreach (var one in stored) Append(one);
    }

    public IReadOnlyList<ParkedParcel> All => _all;

    /// <summary>Is something of this message here?</summary>
    public bool Holds(string? message) => message is not null && _messages.ContainsKey(message);

    /// <returns>False where there is no room.</returns>
    /// <param name="madeWay">What was given up for it: tried most often of all, and often enough.</param>
    public bool TryAdd(ParkedParcel one, out ParkedParcel? madeWay)
    {
        madeWay = null;
        if (!HasRoomFor(one))
        {
            madeWay = _all.Where(parked => parked.Failures >= EnoughFailures).MaxBy(parked => parked.Failures);
            if (madeWay is null) return false;
            Remove(madeWay.Parcel);
            if (!HasRoomFor(one)) return false;
        }

        Append(one);
        return true;
    }

    public ParkedParcel? Find(Parcel parcel) => _all.Find(one => ReferenceEquals(one.Parcel, parcel));

    public void Replace(ParkedParcel one, int failures, DateTimeOffset due)
    {
        var index = _all.IndexOf(one);
        if (index >= 0) _all[index] = one with { Failures = failures, Due = due };
    }

    public void Remove(Parcel parcel)
    {
        var index = _all.FindIndex(one => ReferenceEquals(one.Parcel, parcel));
        if (index < 0) return;
        _all.RemoveAt(index);
        _octets -= parcel.StoredOctets;
        foreach (var message in parcel.Messages)
            if (--_messages[message] == 0)
                _messages.Remove(message);
    }

    /// <summary>Those that nothing of their messages is before, oldest first.</summary>
    public IEnumerable<ParkedParcel> Heads()
    {
        if (_all.Count == 0) yield break;
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in _all)
        {
            if (!one.Parcel.Messages.Any(before.Contains)) yield return one;
            before.UnionWith(one.Parcel.Messages);
        }
    }

    /// <summary>Everything may go, oldest first, whatever its schedule.</summary>
    public void MakeDue(DateTimeOffset now)
    {
        for (var i = 0; i < _all.Count; i++) _all[i] = _all[i] with { Due = now };
    }

    private bool HasRoomFor(ParkedParcel one) => _all.Count < Most && _octets + one.Parcel.StoredOctets <= MostOctets;

    private void Append(ParkedParcel one)
    {
        _all.Add(one);
        _octets += one.Parcel.StoredOctets;
        foreach (var message in one.Parcel.Messages) _messages[message] = _messages.GetValueOrDefault(message) + 1;
    }
}
