using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>What is known of the traffic to one provider, in all and from each source (docs/decisions/0010-traffic.md).</summary>
internal sealed class ProviderTraffic(string name) : Party
{
    private readonly Dictionary<string, SourceTraffic> _sources = [];

    /// <summary>By name.</summary>
    public IEnumerable<SourceTraffic> Sources => _sources.Values.OrderBy(source => source.Name, StringComparer.Ordinal);

    public SourceTraffic Source(string source)
    {
        if (!_sources.TryGetValue(source, out var known))
            _sources.Add(source, known = new SourceTraffic(name, source));
        return known;
    }

    /// <summary>Chooses the source for a new session.</summary>
    public (TrafficShare? Share, Allowance Allowed) Open(TrafficOffer offer, in Turn turn)
    {
        var allowed = Allow(offer.Limits, turn);
        if (allowed.IsRefused)
            return (null, allowed);
        if (offer.Sources.Count == 0)
            return (null, Allowance.Refused(WaitReason.NoSource));
        var candidates = new Candidate[offer.Sources.Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            var own = Source(offer.Sources[i].Source);
            candidates[i] = new Candidate(own, offer.Sources[i], own.Allow(offer.Sources[i], turn));
        }
        LineUp(candidates);
        if (LeastOf(candidates) is { } chosen)
            return (new TrafficShare(this, chosen.Source, offer, chosen.Offer, turn), chosen.Allowed.AtMost(allowed.Most));
        return (null, SourceRefusals.Of(candidates.Select(candidate => candidate.Allowed)) with { IsBySources = true });
    }

    /// <summary>For more from a session's source. Its offer is one of those of <paramref name="offer"/>.</summary>
    public (TrafficShare? Share, Allowance Allowed) Extend(SourceTraffic source, SourceOffer own, TrafficOffer offer, in Turn turn)
    {
        var allowed = Allow(offer.Limits, turn);
        if (allowed.IsRefused)
            return (null, allowed);
        var ofSource = source.Allow(own, turn);
        return ofSource.IsRefused
            ? (null, ofSource with { IsBySources = true })
            : (new TrafficShare(this, source, offer, own, turn), ofSource.AtMost(allowed.Most));
    }

    /// <summary>Takes one message out of every bucket.</summary>
    public new void Charge(TrafficLimits limits, int octets, in Turn turn) => base.Charge(limits, octets, turn);

    /// <summary>Forgets sources that nothing is known of any more but that they were used.</summary>
    /// <returns>Whether nothing is left.</returns>
    public bool Forget(double now, double unusedSince, double learnedSince)
    {
        foreach (var source in _sources.Values.ToList())
            if (IsOver(source, now, source.IsWorthKeeping(now) ? learnedSince : unusedSince))
                _sources.Remove(source.Name);
        return _sources.Count == 0 && Connections == 0 && FullAt <= now;
    }

    private static bool IsOver(SourceTraffic source, double now, double since) =>
        source.Connections == 0 && !source.IsChanged && source.FullAt <= now && source.UsedAt <= since;

    private Allowance Allow(TrafficLimits limits, in Turn turn)
    {
        var opening = AllowOpening(limits, limits.Connections, turn);
        return opening.IsRefused ? opening : AllowMessages(limits, turn);
    }

    /// <summary>
    /// One that is new, or could not send before, starts where the least of the others is: it owes nothing and is owed nothing.
    /// </summary>
    private static void LineUp(Candidate[] candidates)
    {
        double? least = null;
        foreach (var (source, _, allowed) in candidates)
            if (!allowed.IsRefused && !source.IsLeftOut && source.VirtualTime is { } time && !(time >= least))
                least = time;
        foreach (var (source, _, allowed) in candidates)
        {
            if (!allowed.IsRefused && (source.IsLeftOut || source.VirtualTime is null))
                source.VirtualTime = Math.Max(source.VirtualTime ?? 0, least ?? 0);
            source.IsLeftOut = allowed.IsRefused;
        }
    }

    /// <summary>The first of those with the least virtual time; null where none can send.</summary>
    private static Candidate? LeastOf(Candidate[] candidates)
    {
        Candidate? best = null;
        foreach (var candidate in candidates)
            if (!candidate.Allowed.IsRefused && !(candidate.Source.VirtualTime >= best?.Source.VirtualTime))
                best = candidate;
        return best;
    }

    private readonly record struct Candidate(SourceTraffic Source, SourceOffer Offer, Allowance Allowed);
}
