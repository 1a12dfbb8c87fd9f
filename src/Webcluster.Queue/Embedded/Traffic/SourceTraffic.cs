using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>What is known of the traffic from one source to one provider. Times are microseconds since 1970.</summary>
internal sealed class SourceTraffic(string provider, string source) : Party
{
    private static readonly TimeSpan LongestSuspension = TimeSpan.FromDays(30);
    private const int LongestReply = 500;
    private readonly Adaptation _adaptation = new();
    private Bucket _adapted;
    private MessageMeter _meter;
    private WarmupProgress? _warmup;
    private double _suspendedUntil;
    private string? _reply;
    private double _changedAt;

    public string Provider => provider;

    public string Name => source;

    /// <summary>When it was last heard of.</summary>
    public double UsedAt { get; private set; }

    /// <summary>What is stored of it is not what it is now.</summary>
    public bool IsChanged { get; set; }

    /// <summary>What is known of it is worth keeping though it is not used.</summary>
    public bool IsWorthKeeping(double now) => _warmup is not null || HasLearned(now);

    public override double FullAt => Math.Max(base.FullAt, _adapted.Full);

    public bool IsSuspended(double now) => _suspendedUntil > now;

    /// <summary>Replies have changed what it may send.</summary>
    public bool HasLearned(double now) =>
        IsSuspended(now) || _adaptation.RateAt(now) is not null || _adaptation.ConnectionsAt(now) is not null
        || _adaptation.MessagesPerConnectionAt(now) is not null;

    /// <summary>How many messages a claim may have from it. Changes nothing.</summary>
    public Allowance Allow(SourceOffer offer, in Turn turn)
    {
        var now = turn.Now;
        if (IsSuspended(now))
            return Allowance.Refused(WaitReason.SourcesSuspended, _suspendedUntil);
        var opening = AllowOpening(offer.Limits, Least(offer.Limits.Connections, _adaptation.ConnectionsAt(now)), turn);
        if (opening.IsRefused)
            return opening;
        var adapted = _adaptation.RateAt(now) is { } rate ? Allow(_adapted, Pace.Of(rate), now) : Allowance.Unlimited;
        if (adapted.IsRefused)
            return adapted;
        var messages = AllowMessages(offer.Limits, turn);
        return messages.IsRefused ? messages : AllowBudget(offer, now, messages.AtMost(adapted.Most));
    }

    public int? MessagesPerConnection(SourceOffer offer, double now) =>
        Least(offer.Limits.MessagesPerConnection, _adaptation.MessagesPerConnectionAt(now));

    /// <summary>Takes one message out of every bucket.</summary>
    public void Charge(SourceOffer offer, int octets, in Turn turn)
    {
        Charge(offer.Limits, octets, turn);
        if (_adaptation.RateAt(turn.Now) is { } rate)
            _adapted = _adapted.Without(1, Pace.Of(rate), turn.Now);
    }

    /// <summary>So many messages were given to a session.</summary>
    public void Count(SourceOffer offer, int messages, double now)
    {
        _meter.Count(messages, now);
        UsedAt = now;
        if (offer.Warmup is not { } plan)
            return;
        var today = WarmupProgress.Today(_warmup, plan, now);
        today = today.IsWarm ? today : today with { Used = today.Used + messages };
        IsChanged |= today != _warmup;
        _warmup = today;
    }

    /// <returns>Whether it changed anything.</returns>
    public bool Adjust(Adjustment adjustment, string reply, double now)
    {
        var changed = adjustment switch
        {
            Adjustment.SlowDown slow => _adaptation.TrySlowDown(slow.Factor, _meter.At(now), now),
            Adjustment.FewerConnections => _adaptation.TryFewerConnections(Connections, now),
            Adjustment.MessagesPerConnection learned => _adaptation.TryLearn(learned.Messages, now),
            Adjustment.Suspend suspend => TrySuspend(suspend.For, now),
            Adjustment.Complaint => false,
            _ => throw new ArgumentException($"{adjustment} is no adjustment.", nameof(adjustment)),
        };
        UsedAt = now;
        // Each refusal, whether it changes anything or not.
        if (adjustment is not Adjustment.MessagesPerConnection && _warmup is { IsWarm: false } warmup)
        {
            _warmup = warmup with { Refused = warmup.Refused + (adjustment is Adjustment.Complaint ? Adjustment.RefusalsOfAComplaint : 1) };
            IsChanged = true;
        }
        if (!changed)
            return false;
        _reply = reply.Length <= LongestReply ? reply : reply[..LongestReply];
        _changedAt = now;
        IsChanged |= adjustment is Adjustment.Suspend;
        return true;
    }

    /// <summary>An operator puts it on a step; null: it is warm.</summary>
    public WarmupState SetWarmup(WarmupPlan plan, int? step, double now)
    {
        _warmup = WarmupProgress.At(_warmup, plan, step, now);
        (UsedAt, IsChanged) = (now, true);
        return _warmup.Shown(provider, source);
    }

    /// <summary>Null: it is warm.</summary>
    public WarmupState? Warmup => _warmup is { IsWarm: false } progress ? progress.Shown(provider, source) : null;

    /// <returns>Null where there is nothing to show: no session, and nothing that was learned.</returns>
    public TrafficStatus? StatusAt(double now)
    {
        var warmup = _warmup is { IsWarm: false } progress ? new WarmupStatus(progress.Plan, progress.Step, (int)progress.Used) : null;
        DateTimeOffset? suspended = IsSuspended(now) ? Microseconds.Time(_suspendedUntil) : null;
        DateTimeOffset? changed = _reply is null ? null : Microseconds.Time(_changedAt);
        return Connections == 0 && warmup is null && !HasLearned(now) ? null : new TrafficStatus(
            provider, source, Connections, _adaptation.RateAt(now), _adaptation.ConnectionsAt(now),
            _adaptation.MessagesPerConnectionAt(now), suspended, _reply, changed, warmup);
    }

    /// <summary>What outlives the process.</summary>
    public TrafficRow Stored(double now) => new(
        provider, source, (long)(IsSuspended(now) ? _suspendedUntil : 0), _reply ?? "", (long)_changedAt, _warmup, (long)UsedAt);

    public void Load(in TrafficRow row)
    {
        _suspendedUntil = row.SuspendedUntil;
        _reply = row.Reply.Length > 0 ? row.Reply : null;
        _changedAt = row.ChangedAt;
        _warmup = row.Warmup;
        UsedAt = row.UsedAt;
    }

    private Allowance AllowBudget(SourceOffer offer, double now, Allowance allowed)
    {
        if (offer.Warmup is not { } plan)
            return allowed;
        var today = WarmupProgress.Today(_warmup, plan, now);
        if (today.IsWarm)
            return allowed;
        var left = today.Left(plan);
        return left >= 1 ? allowed.AtMost(left) : Allowance.Refused(WaitReason.WarmupBudget, today.EndOfDay);
    }

    private bool TrySuspend(TimeSpan length, double now)
    {
        var until = now + Math.Round((length < LongestSuspension ? length : LongestSuspension).TotalMicroseconds);
        if (until <= _suspendedUntil)
            return false;
        _suspendedUntil = until;
        return true;
    }

    private static int? Least(int? one, int? other) => one < other || other is null ? one : other;
}
