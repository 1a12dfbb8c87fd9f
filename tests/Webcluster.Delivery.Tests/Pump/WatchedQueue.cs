using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Status;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>A queue that keeps a diary of what changed it, and can be made to wait or to fail.</summary>
internal sealed class WatchedQueue(IMailQueue inner) : IMailQueue
{
    private int _asked;
    private readonly List<string> _diary = [];
    private readonly List<Settlement> _settlements = [];

    /// <summary>Settling waits for it.</summary>
    public Task SettleGate { get; set; } = Task.CompletedTask;

    /// <summary>Storing waits for it.</summary>
    public Task EnqueueGate { get; set; } = Task.CompletedTask;

    /// <summary>The answer to a claim waits for it.</summary>
    public Task ClaimGate { get; set; } = Task.CompletedTask;

    /// <summary>Giving back what a dead node held waits for it.</summary>
    public Task ReapGate { get; set; } = Task.CompletedTask;

    /// <summary>What storing comes to instead of being done.</summary>
    public EnqueueResult? Refusal { get; set; }

    /// <summary>It takes only what replaces mail.</summary>
    public bool IsFull { get; set; }

    /// <summary>The message whose content cannot be read.</summary>
    public MessageId? Unreadable { get; set; }

    public int Released { get; private set; }

    public IReadOnlyList<string> Diary
    {
        get
        {
            lock (_diary) return [.. _diary];
        }
    }

    /// <summary>Made durable, in that order.</summary>
    public IReadOnlyList<Settlement> Settlements
    {
        get
        {
            lock (_diary) return [.. _settlements];
        }
    }

    public IReadOnlyList<(LaneKey Lane, TimeSpan Pause)> Pauses { get; private set; } = [];

    public List<NewMessage> Enqueued { get; } = [];

    public IQueueRules Rules => (IQueueRules)inner;

    public async Task<EnqueueResult> EnqueueAsync(NewMessage message, CancellationToken cancellation)
    {
        if (Refusal is { } refusal) return refusal;
        if (IsFull && !message.ReplacesMail) return EnqueueResult.Full;
        if (!EnqueueGate.IsCompleted) Note("enqueuing");
        await EnqueueGate.WaitAsync(cancellation);
        lock (_diary) Enqueued.Add(message);
        return await inner.EnqueueAsync(message, cancellation);
    }

    /// <summary>How often lanes were asked for.</summary>
    public int Asked => _asked;

    public Task<IReadOnlyList<LaneKey>> NextLanesAsync(int most, IReadOnlyCollection<string> without, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        return inner.NextLanesAsync(most, without, cancellation);
    }

    public async ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var result = await inner.ClaimAsync(request, cancellation);
        if (result is ClaimResult.Granted granted)
            Note($"claim {granted.Deliveries.Count} {(request.Session is null ? "opening" : "extending")}");
        await ClaimGate;
        return result;
    }

    public ValueTask<MessageContent?> ReadContentAsync(MessageId id, CancellationToken cancellation) =>
        id == Unreadable ? throw new QueueUnavailableException("unreadable") : inner.ReadContentAsync(id, cancellation);

    public async Task<IReadOnlyList<SettleVerdict>> SettleAsync(SessionId session, IReadOnlyList<Settlement> outcomes,
        CancellationToken cancellation)
    {
        Note("settling");
        await SettleGate.WaitAsync(cancellation);
        var verdicts = await inner.SettleAsync(session, outcomes, cancellation);
        lock (_diary)
            foreach (var (outcome, verdict) in outcomes.Zip(verdicts))
            {
                // Events are compared where they matter.
                _settlements.Add(outcome with { Events = [] });
                _diary.Add($"settled {outcome.GetType().Name}{(verdict == SettleVerdict.Settled ? "" : $" {verdict}")}");
            }

        return verdicts;
    }

    public async ValueTask ReleaseAsync(SessionId session, CancellationToken cancellation)
    {
        Note("release");
        await inner.ReleaseAsync(session, cancellation);
        Released++;
    }

    public ValueTask<LaneTrouble> TroubledAsync(LaneKey lane, CancellationToken cancellation) => inner.TroubledAsync(lane, cancellation);

    public ValueTask PauseLaneAsync(LaneKey lane, TimeSpan pause, CancellationToken cancellation)
    {
        lock (_diary)
        {
            Pauses = [.. Pauses, (lane, pause)];
            _diary.Add("pause");
        }

        return inner.PauseLaneAsync(lane, pause, cancellation);
    }

    public ValueTask<IReadOnlyList<NodeId>> BeatAsync(NodeId node, CancellationToken cancellation) => inner.BeatAsync(node, cancellation);

    public ValueTask TendAsync(NodeId node, CancellationToken cancellation) => inner.TendAsync(node, cancellation);

    public ValueTask LeaveAsync(NodeId node, CancellationToken cancellation) => inner.LeaveAsync(node, cancellation);

    public async ValueTask<int> ReapAsync(NodeId node, CancellationToken cancellation)
    {
        Note("reap");
        await ReapGate.WaitAsync(cancellation);
        return await inner.ReapAsync(node, cancellation);
    }

    public bool IsAccepting(out EnqueueResult reason)
    {
        if (!IsFull) return inner.IsAccepting(out reason);
        reason = EnqueueResult.Full;
        return false;
    }

    public ValueTask<QueueCounts> CountAsync(CancellationToken cancellation) => inner.CountAsync(cancellation);

    public ValueTask<IReadOnlyList<LaneStatus>> LanesAsync(int most, CancellationToken cancellation) =>
        inner.LanesAsync(most, cancellation);

    public ValueTask<IReadOnlyList<LaneStatus>> SiteLanesAsync(string provider, string site, CancellationToken cancellation) =>
        inner.SiteLanesAsync(provider, site, cancellation);

    public ValueTask<IReadOnlyList<DeliveryStatus>> FindAsync(MessageId id, CancellationToken cancellation) =>
        inner.FindAsync(id, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Note(string entry)
    {
        lock (_diary) _diary.Add(entry);
    }
}
