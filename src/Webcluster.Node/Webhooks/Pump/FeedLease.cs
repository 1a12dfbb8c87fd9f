using Webcluster.Queue.Events;
using Webcluster.Queue.Sessions;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>This node's right to send to an endpoint, and what it has of the store with it. Not safe for concurrent use.</summary>
internal sealed class FeedLease(IFeedStore store, string feed, NodeId node, TimeProvider time)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    // Nothing is sent in the lease's last moments: clocks differ, threads wait.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(3);

    private long _since;
    private int _done;
    private byte[]? _unsure;

    /// <summary>No other node can have it.</summary>
    public bool IsSure => time.GetElapsedTime(_since) < Length - Margin;

    /// <summary>Whether the last state is stored is not known: <see cref="KeepAsync"/> finds out.</summary>
    public bool IsUnsure => _unsure is not null;

    /// <returns>Null: another node has it.</returns>
    /// <exception cref="Queue.QueueUnavailableException">The store cannot be reached.</exception>
    public async ValueTask<FeedState?> TakeAsync(CancellationToken cancellation)
    {
        (_done, _unsure) = (0, null);
        return await HoldAsync(cancellation);
    }

    /// <returns>Wishes that were not shown before; null: another node has it.</returns>
    /// <exception cref="Queue.QueueUnavailableException">The store cannot be reached.</exception>
    public async ValueTask<IReadOnlyList<string>?> KeepAsync(CancellationToken cancellation)
    {
        if (await HoldAsync(cancellation) is not { } held) return null;
        // The state was stored, though its answer was lost: the wishes done with are gone.
        if (_unsure is not null && held.State.Span.SequenceEqual(_unsure)) _done = 0;
        _unsure = null;
        var fresh = held.Wishes.Skip(_done).ToList();
        _done = held.Wishes.Count;
        return fresh;
    }

    /// <summary>Stores a state in which all wishes shown are done with.</summary>
    /// <param name="state">Never the same twice.</param>
    /// <returns>False: another node has it.</returns>
    /// <exception cref="Queue.QueueUnavailableException">The store cannot be reached; it may have been stored.</exception>
    public async ValueTask<bool> SaveAsync(byte[] state, CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        _unsure = state;
        if (!await store.SaveAsync(feed, node, state, _done, Length, cancellation)) return false;
        (_since, _done, _unsure) = (asked, 0, null);
        return true;
    }

    /// <exception cref="Queue.QueueUnavailableException">The store cannot be reached.</exception>
    public ValueTask LeaveAsync(CancellationToken cancellation) => store.LeaveAsync(feed, node, cancellation);

    private async ValueTask<FeedState?> HoldAsync(CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        var held = await store.HoldAsync(feed, node, Length, cancellation);
        if (held is not null) _since = asked;
        return held;
    }
}
