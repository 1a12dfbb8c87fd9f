using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>What is known of the traffic to one provider, in all and from each source (docs/decisions/0010-traffic.md).</summary>
internal sealed class ProviderTraffic(string name) : Party
{
    private readonly Dictionary<string, SourceTraffic> _sources = [];
    private readonly Dictionary<string, PoolTurns> _turns = [];

    /// <summary>By name.</summary>
    public IEnumerable<SourceTraffic> Sources => _sources.Values.OrderBy(source => source.Name, StringComparer.Ordinal);

    public SourceTraffic Source(string source)
    {
        if (!_sources.TryGetValue(source, out var known))
            _sources.Add(source, known = new SourceTraffic(name, source));
        return known;
    }

    /// <summary>Not where mail leaves from the system's choice of address.</summary>
    public static bool HasTurns(TrafficOffer offer) => offer.Sources is not ([] or [{ Source: "" }]);

    /// <summary>A claim of that pool's mail offers sources, though it gets nothing for another reason.</summary>
    public void Offer(string pool, TrafficOffer offer, double now) => TurnsOf(pool, offer, now)?.Offer(offer.Sources, now);

    /// <summary>Chooses the source for a new session.</summary>
    public (TrafficShare? Share, Allowance Allowed) Open(TrafficOffer offer, in Turn turn)
    {
        var allowed = Allow(offer.Limits, turn);
        if (allowed.IsRefused)
        {
            Offer(turn.Pool, offer, turn.Now);
            return (null, allowed);
        }
        if (offer.Sources.Count == 0)
            return (null, Allowance.Refused(WaitReason.NoSource));
        var candidates = new Candidate[offer.Sources.Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            var own = Source(offer.Sources[i].Source);
            candidates[i] = new Candidate(own, offer.Sources[i], own.Allow(offer.Sources[i], turn));
        }
        var turns = TurnsOf(turn.Pool, offer, turn.Now);
        if (Choose(turns, candidates, turn.Now) is not { } chosen)
            return (null, BySources(SourceRefusals.Of(candidates.Select(candidate => candidate.Allowed)), turns, offer, turn.Now));
        var mayTake = turns?.AllowOpening(chosen.Offer, turn.Now) ?? Allowance.Unlimited;
        return mayTake.IsRefused
            ? (null, mayTake)
            : (new TrafficShare(this, chosen.Source, offer, chosen.Offer, turn), chosen.Allowed.AtMost(mayTake.Most).AtMost(allowed.Most));
    }

    /// <summary>For more from a session's source. Its offer is one of those of <paramref name="offer"/>.</summary>
    public (TrafficShare? Share, Allowance Allowed) Extend(SourceTraffic source, SourceOffer own, TrafficOffer offer, in Turn turn)
    {
        var allowed = Allow(offer.Limits, turn);
        if (allowed.IsRefused)
        {
            Offer(turn.Pool, offer, turn.Now);
            return (null, allowed);
        }
        var ofSource = source.Allow(own, turn);
        if (ofSource.IsRefused)
        {
            var contest = TurnsOf(turn.Pool, offer, turn.Now);
            contest?.LeaveOut(source.Name, turn.Now);
            return (null, BySources(ofSource, contest, offer, turn.Now));
        }
        var mayTake = AllowMore(own, offer, turn);
        return mayTake.IsRefused
            ? (null, mayTake)
            : (new TrafficShare(this, source, offer, own, turn), ofSource.AtMost(mayTake.Most).AtMost(allowed.Most));
    }

    /// <summary>So many messages were given to a session of the source.</summary>
    public void Count(TrafficOffer offer, SourceOffer own, int messages, in Turn turn) => TurnsOf(turn.Pool, offer, turn.Now)?.Count(
        own, messages, !Source(own.Source).Allow(own, turn with { Opens = true, IsFirstAttempt = false }).IsRefused, turn.Now);

    /// <summary>Takes one message out of every bucket.</summary>
    public new void Charge(TrafficLimits limits, int octets, in Turn turn) => base.Charge(limits, octets, turn);

    /// <summary>Forgets sources that nothing is known of any more but that they were used.</summary>
    /// <returns>Whether nothing is left.</returns>
    public bool Forget(double now, double unusedSince, double learnedSince)
    {
        foreach (var source in _sources.Values.ToList())
            if (IsOver(source, now, source.IsWorthKeeping(now) ? learnedSince : unusedSince))
                _sources.Remove(source.Name);
        foreach (var (pool, turns) in _turns)
            if (turns.Forget(now))
                _turns.Remove(pool);
        return _sources.Count == 0 && _turns.Count == 0 && Connections == 0 && FullAt <= now;
    }

    private static bool IsOver(SourceTraffic source, double now, double since) =>
        source.Connections == 0 && !source.IsChanged && source.FullAt <= now && source.UsedAt <= since;

    private static Allowance BySources(Allowance refusal, PoolTurns? turns, TrafficOffer offer, double now) =>
        refusal with { IsBySources = true, OthersSend = turns?.HasOthers(offer.Sources, now) };

    private Allowance Allow(TrafficLimits limits, in Turn turn)
    {
        var opening = AllowOpening(limits, limits.Connections, turn);
        return opening.IsRefused ? opening : AllowMessages(limits, turn);
    }

    private PoolTurns? TurnsOf(string pool, TrafficOffer offer, double now)
    {
        if (!HasTurns(offer))
            return null;
        if (!_turns.TryGetValue(pool, out var turns))
            _turns.Add(pool, turns = new PoolTurns());
        turns.Forget(now);
        return turns;
    }

    /// <summary>The first of those that are the least far; null where none can send.</summary>
    private static Candidate? Choose(PoolTurns? turns, Candidate[] candidates, double now)
    {
        var able = candidates.Where(candidate => !candidate.Allowed.IsRefused).ToList();
        if (turns is null || able.Count == 0)
            return able is [var only, ..] ? only : null;
        foreach (var candidate in candidates)
            if (candidate.Allowed.IsRefused)
                turns.LeaveOut(candidate.Source.Name, now);
        turns.Enter([.. able.Select(candidate => candidate.Offer)], now);
        return able.MinBy(candidate => turns.TimeOf(candidate.Source.Name));
    }

    /// <summary>How many more messages a session may have. It makes room only where another source could open one instead.</summary>
    private Allowance AllowMore(SourceOffer own, TrafficOffer offer, in Turn turn)
    {
        if (TurnsOf(turn.Pool, offer, turn.Now) is not { } turns)
            return Allowance.Unlimited;
        turns.Offer(offer.Sources, turn.Now, own);
        var part = (double)Source(own.Source).Connections / Math.Max(1, Connections);
        var allowed = turns.AllowMore(own, part, turn.Now);
        if (!allowed.IsRefused)
            return allowed;
        var opening = turn with { Opens = true };
        foreach (var other in offer.Sources)
            if (other != own && Source(other.Source).Allow(other, opening).IsRefused)
                turns.LeaveOut(other.Source, turn.Now);
        return turns.AllowMore(own, part, turn.Now);
    }

    private readonly record struct Candidate(SourceTraffic Source, SourceOffer Offer, Allowance Allowed);
}
