using Webcluster.Queue.Embedded.Traffic;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Indexing;

internal sealed partial class QueueIndex
{
    /// <summary>Lanes, or providers, that are looked at in one go.</summary>
    private const int MostAtOnce = 100;

    private static readonly TimeSpan ElsewhereSoon = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ElsewhereLater = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UnusedKept = TimeSpan.FromHours(1);
    private static readonly TimeSpan LearnedKept = TimeSpan.FromDays(30);
    private readonly Dictionary<string, Provider> _providers = [];
    private readonly Heap<HeapPlace<Provider>> _giving = new();
    private readonly Heap<HeapPlace<Provider>> _elsewhere = new();
    private readonly Heap<HeapPlace<Provider>> _unused = new();
    private readonly HashSet<SourceTraffic> _changedTraffic = [];
    private long _providersMade;

    /// <summary>What was learned before is worth nothing any more: microseconds since 1970.</summary>
    public long LearnedSince => (long)Microseconds.Of(Now - LearnedKept.Ticks);

    /// <summary>Takes in what was stored of a source.</summary>
    public void Load(in TrafficRow row)
    {
        var provider = ProviderOf(row.Provider);
        provider.Traffic.Source(row.Source).Load(row);
        KeepUnused(provider);
    }

    /// <returns>Whether it changed anything.</returns>
    public bool Adjust(string name, string source, Adjustment adjustment, string reply)
    {
        var provider = ProviderOf(name);
        var traffic = provider.Traffic.Source(source);
        var changed = traffic.Adjust(adjustment, reply, Microseconds.Of(Now));
        Note(traffic);
        if (provider.Lanes == 0)
            KeepUnused(provider);
        return changed;
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<TrafficStatus> TrafficOf(string provider)
    {
        var now = Microseconds.Of(Now);
        return _providers.TryGetValue(provider, out var known)
            ? [.. known.Traffic.Sources.Select(source => source.StatusAt(now)).OfType<TrafficStatus>()] : [];
    }

    public bool HasChangedTraffic => _changedTraffic.Count > 0;

    /// <summary>What of the traffic is to be stored. To be given back where it could not be.</summary>
    public IReadOnlyList<TrafficRow> TakeChangedTraffic()
    {
        if (_changedTraffic.Count == 0)
            return [];
        var now = Microseconds.Of(Now);
        var rows = _changedTraffic.Select(source => source.Stored(now)).ToList();
        foreach (var source in _changedTraffic)
            source.IsChanged = false;
        _changedTraffic.Clear();
        return rows;
    }

    /// <summary>These could not be stored: another try follows.</summary>
    public void GiveBack(IReadOnlyList<TrafficRow> rows)
    {
        foreach (var row in rows)
        {
            var source = ProviderOf(row.Provider).Traffic.Source(row.Source);
            source.IsChanged = true;
            Note(source);
        }
    }

    private Provider ProviderOf(string name)
    {
        if (!_providers.TryGetValue(name, out var provider))
            _providers.Add(name, provider = new Provider(name, ++_providersMade));
        return provider;
    }

    private void Note(SourceTraffic source)
    {
        if (source.IsChanged)
            _changedTraffic.Add(source);
    }

    /// <summary>Names the lane to nobody until its provider has something to give: at that time, or when a session of it ends.</summary>
    private void WaitForProvider(Lane lane, Allowance refusal)
    {
        var (at, provider) = (refusal.At is { } time ? Microseconds.Ticks(time) : (long?)null, lane.Provider);
        // What its own sources cannot send before a time does not stand in the way of lanes that leave from others.
        var place = refusal.IsBySources ? at ?? 0 : 0;
        provider.Waiting.Set(lane, Math.Max(lane.FirstDue ?? Now, place));
        lane.ProviderRefuses = refusal.Reason;
        Refresh(lane);
        if (at is { } soonest)
            MayGive(provider, soonest);
        if (refusal.OthersSend is not { } soon)
            return;
        provider.Elsewhere.Set(lane, Now);
        AskElsewhere(provider, soon && _nodes.AreMany);
    }

    /// <summary>
    /// What the sources may not send that a claim offered, others may: another node's, or one that its own node could not use just then.
    /// Such lanes are named one at a time, beside those that wait for the provider, to whoever asks first.
    /// </summary>
    /// <param name="soon">Another node could send a moment ago.</param>
    private void AskElsewhere(Provider provider, bool soon) =>
        SetSooner(_elsewhere, provider.ByElsewhere, After(soon ? ElsewhereSoon : ElsewhereLater));

    /// <summary>It may have something to give then, if not sooner.</summary>
    private void MayGive(Provider provider, long at) => SetSooner(_giving, provider.ByGiving, at);

    private void SetSooner(Heap<HeapPlace<Provider>> heap, HeapPlace<Provider> place, long at)
    {
        if (place.IsPlaced && place.Key <= at)
            return;
        heap.Set(place, at);
        _wake.Sooner(at);
    }

    private static void StopWaiting(Lane lane)
    {
        lane.Provider.Waiting.Remove(lane);
        lane.Provider.Elsewhere.Remove(lane);
        lane.ProviderRefuses = null;
    }

    /// <summary>
    /// Names one of the lanes that wait for a provider, if there is one; those that nothing could be claimed of now are passed over.
    /// Whoever claims it lets the next one go, if there is more to give; where nobody does, it comes a second later.
    /// </summary>
    private void LetGo(Provider provider)
    {
        NameFirst(provider.Waiting);
        if (provider.Waiting.FirstTime is { } turn)
            MayGive(provider, Math.Max(turn, Now + TimeSpan.TicksPerSecond));
    }

    private void LetGoElsewhere(Provider provider)
    {
        NameFirst(provider.Elsewhere);
        if (provider.Elsewhere.Count > 0)
            AskElsewhere(provider, soon: false);
    }

    private void NameFirst(WaitingLanes waiting)
    {
        for (var i = 0; i < MostAtOnce && waiting.First is { } lane; i++)
        {
            StopWaiting(lane);
            Refresh(lane);
            if (lane.CanMove && lane.FirstDue <= Now)
                break;
        }
    }

    /// <summary>Lets a lane go of each provider that may have something to give by now.</summary>
    private void AskProviders(long now)
    {
        for (var i = 0; i < MostAtOnce && _giving.Top is { } next && next.Key <= now; i++)
        {
            _giving.Remove(next);
            LetGo(next.Owner);
        }
        for (var i = 0; i < MostAtOnce && _elsewhere.Top is { } next && next.Key <= now; i++)
        {
            _elsewhere.Remove(next);
            LetGoElsewhere(next.Owner);
        }
    }

    /// <summary>A lane of the provider is gone.</summary>
    private void Leave(Provider provider)
    {
        if (--provider.Lanes == 0)
            KeepUnused(provider);
    }

    private void KeepUnused(Provider provider) => _unused.Set(provider.ByForgetting, After(UnusedKept));

    /// <summary>What was not used for a while and has nothing to tell goes; what was learned stays longer.</summary>
    private void ForgetProviders(long now)
    {
        for (var i = 0; i < MostAtOnce && _unused.Top is { } next && next.Key <= now; i++)
        {
            _unused.Remove(next);
            var provider = next.Owner;
            if (provider.Lanes > 0)
                continue;
            var isEmpty = provider.Traffic.Forget(
                Microseconds.Of(now), Microseconds.Of(now - UnusedKept.Ticks), Microseconds.Of(now - LearnedKept.Ticks));
            if (isEmpty)
                _providers.Remove(provider.Name);
            else
                KeepUnused(provider);
        }
    }
}
