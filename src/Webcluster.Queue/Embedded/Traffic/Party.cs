using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>One side of the traffic, a provider or a source at it, and what it has used of its limits.</summary>
internal abstract class Party
{
    private Bucket _openings;
    private Bucket _messages;
    private Bucket _octets;
    private Bucket _firstAttempts;

    /// <summary>Open now, from all nodes.</summary>
    public int Connections { get; private set; }

    /// <summary>When all buckets are full again.</summary>
    public virtual double FullAt => Math.Max(Math.Max(_openings.Full, _messages.Full), Math.Max(_octets.Full, _firstAttempts.Full));

    public void Connect(TrafficLimits limits, double now)
    {
        Connections++;
        if (limits.ConnectionRate is { } rate)
            _openings = _openings.Without(1, Pace.Of(rate), now);
    }

    public void Disconnect() => Connections--;

    /// <summary>Whether one more message may follow in the same claim, as far as octets and first attempts go.</summary>
    public bool MayFollow(TrafficLimits limits, in Turn turn) => !OctetsAndFirstAttempts(limits, turn).IsRefused;

    protected Allowance AllowOpening(TrafficLimits limits, int? connections, in Turn turn)
    {
        if (!turn.Opens)
            return Allowance.Unlimited;
        if (Connections >= connections)
            return Allowance.Refused(WaitReason.ConnectionLimit);
        if (limits.ConnectionRate is { } rate && Allow(_openings, Pace.Of(rate), turn.Now) is { IsRefused: true } tooSoon)
            return tooSoon;
        return Allowance.Unlimited;
    }

    protected Allowance AllowMessages(TrafficLimits limits, in Turn turn)
    {
        var most = limits.Messages is { } rate ? Allow(_messages, Pace.Of(rate), turn.Now) : Allowance.Unlimited;
        if (most.IsRefused)
            return most;
        var rest = OctetsAndFirstAttempts(limits, turn);
        return rest.IsRefused ? rest : most;
    }

    /// <summary>Takes one message out of every bucket that there is a limit for.</summary>
    protected void Charge(TrafficLimits limits, int octets, in Turn turn)
    {
        if (limits.Messages is { } messages)
            _messages = _messages.Without(1, Pace.Of(messages), turn.Now);
        if (limits.Octets is { } ofOctets && octets > 0)
            _octets = _octets.Without(octets, Pace.Of(ofOctets), turn.Now, mayOwe: true);
        if (limits.FirstAttempts is { } firsts && turn.IsFirstAttempt)
            _firstAttempts = _firstAttempts.Without(1, Pace.Of(firsts), turn.Now);
    }

    protected static Allowance Allow(Bucket bucket, Pace pace, double now, bool mayOwe = false)
    {
        var gives = bucket.Gives(pace, now, mayOwe);
        return gives >= 1 ? new Allowance(gives) : Allowance.Refused(WaitReason.RateLimit, bucket.GivesAt(pace, now, mayOwe));
    }

    private Allowance OctetsAndFirstAttempts(TrafficLimits limits, in Turn turn)
    {
        if (limits.Octets is { } octets && Allow(_octets, Pace.Of(octets), turn.Now, mayOwe: true) is { IsRefused: true } tooMuch)
            return tooMuch;
        return turn.IsFirstAttempt && limits.FirstAttempts is { } firsts ? Allow(_firstAttempts, Pace.Of(firsts), turn.Now) : Allowance.Unlimited;
    }
}
