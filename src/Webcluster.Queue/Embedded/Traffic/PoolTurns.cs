using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>
/// Whose turn it is among the sources that mail of a pool leaves from to one provider, so that each has its share. Each has a virtual time,
/// which grows by 1/weight for each message. Those that were offered a moment ago, by whatever node, and could open a session then, are in
/// the contest: nobody gets far ahead of the least of them. Times are microseconds since 1970.
/// </summary>
internal sealed class PoolTurns
{
    /// <summary>Messages that a source may be ahead by before it makes room; never more than twice as many.</summary>
    private const double Lead = 16;

    private const double Moment = 2_000_000;
    private const double Again = 20_000;
    private const double Kept = 600_000_000;

    private readonly Dictionary<string, Standing> _standings = [];

    /// <summary>Forgets sources that were not offered for long.</summary>
    /// <returns>Whether none is left.</returns>
    public bool Forget(double now)
    {
        foreach (var (name, standing) in _standings)
            if (now - standing.LastOffered > Kept)
                _standings.Remove(name);
        return _standings.Count == 0;
    }

    /// <summary>
    /// A claim offers these. Of those that could not open a session it is not known whether they can now, but of a session's own.
    /// </summary>
    public void Offer(IReadOnlyList<SourceOffer> sources, double now, SourceOffer? own = null) =>
        Enter([.. sources.Where(source => source == own || _standings.GetValueOrDefault(source.Source) is not { IsLeftOut: true })], now);

    /// <summary>
    /// Sources that can open a session come into the contest, or stay. One that comes starts at the least of it, or as far ahead of that as
    /// it was and may be: it is owed nothing, and owes no more than it could have made room for. Where nobody is in it, those that were not
    /// left out say where it is.
    /// </summary>
    public void Enter(IReadOnlyList<SourceOffer> sources, double now)
    {
        var least = Least(now) ?? LeastOf(sources, leftOut: false) ?? LeastOf(sources, leftOut: true) ?? 0;
        foreach (var source in sources)
        {
            if (!_standings.TryGetValue(source.Source, out var standing))
                _standings.Add(source.Source, standing = new Standing { Time = least });
            else if (!standing.IsIn(now))
                standing.Time = Math.Max(least, Math.Min(standing.Time, least + 2 * Lead / source.Weight));
            standing.Offered(now);
        }
    }

    /// <summary>It cannot open a session now.</summary>
    public void LeaveOut(string source, double now) => _standings.GetValueOrDefault(source)?.LeftOut(now);

    /// <summary>Whether others than these are in the contest.</summary>
    public bool HasOthers(IReadOnlyList<SourceOffer> sources, double now) =>
        _standings.Any(known => known.Value.IsIn(now) && sources.All(source => source.Source != known.Key));

    public double TimeOf(string source) => _standings[source].Time;

    /// <summary>How many messages a new session of a source may have, where it is not another's turn.</summary>
    public Allowance AllowOpening(SourceOffer source, double now) => Allow(source, Lead / 2, now);

    /// <summary>How many more messages a session may have, where it need not make room for another's.</summary>
    /// <param name="part">The part of its source in all sessions: the larger, the sooner one of them goes.</param>
    public Allowance AllowMore(SourceOffer source, double part, double now) => Allow(source, Lead * (2 - part), now);

    /// <summary>So many messages were given to a session of the source.</summary>
    public void Count(SourceOffer source, int messages, bool canOpen, double now)
    {
        var standing = _standings[source.Source];
        standing.Time += (double)messages / source.Weight;
        if (canOpen)
            standing.Offered(now);
        else
            standing.LeftOut(now);
    }

    private Allowance Allow(SourceOffer source, double lead, double now)
    {
        if (Least(now, source.Source) is not { } behind)
            return Allowance.Unlimited;
        var ahead = (TimeOf(source.Source) - behind) * source.Weight;
        return ahead > lead
            ? Allowance.Refused(WaitReason.OthersTurn, now + Again)
            : new Allowance(Math.Max(1, Math.Floor(2 * Lead - ahead)));
    }

    /// <summary>The least virtual time in the contest, of others than one.</summary>
    private double? Least(double now, string? except = null)
    {
        double? least = null;
        foreach (var (name, standing) in _standings)
            if (name != except && standing.IsIn(now) && !(standing.Time >= least))
                least = standing.Time;
        return least;
    }

    private double? LeastOf(IReadOnlyList<SourceOffer> sources, bool leftOut) => sources
        .Select(source => _standings.GetValueOrDefault(source.Source))
        .Min(standing => standing?.IsLeftOut == leftOut ? standing.Time : (double?)null);

    private sealed class Standing
    {
        public required double Time { get; set; }

        public double LastOffered { get; private set; }

        public bool IsLeftOut { get; private set; }

        public bool IsIn(double now) => !IsLeftOut && LastOffered <= now && now - LastOffered <= Moment;

        public void Offered(double now) => (LastOffered, IsLeftOut) = (now, false);

        public void LeftOut(double now) => (LastOffered, IsLeftOut) = (now, true);
    }
}
