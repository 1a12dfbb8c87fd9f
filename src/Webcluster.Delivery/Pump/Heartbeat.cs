using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Webcluster.Queue;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Keeps this node's lease on what it claimed. A node whose lease is stale must not send a final dot: by then another node may have its
/// deliveries. So nothing but the store's answer is waited for.
/// </summary>
internal sealed partial class Heartbeat(IMailQueue queue, NodeId node, TimeProvider time, ILogger<Heartbeat> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // The queue takes a node for dead after 10 s; the margin covers the time the last reply of the store was on its way.
    private static readonly TimeSpan LeaseLasts = TimeSpan.FromSeconds(8);

    private readonly Channel<IReadOnlyList<NodeId>> _beats = Channel.CreateBounded<IReadOnlyList<NodeId>>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private long _lastBeat = long.MinValue;
    private int _lease;
    private bool _isAway;

    /// <summary>After each beat, the other nodes that are overdue. Whoever is busy meanwhile hears of the last only.</summary>
    public ChannelReader<IReadOnlyList<NodeId>> Beats => _beats.Reader;

    /// <summary>
    /// Numbers the stretches of beats without a gap. What was claimed in an earlier one may have been given back, and be another
    /// node's now.
    /// </summary>
    public int Lease => Volatile.Read(ref _lease);

    /// <summary>The lease lasts: what is claimed now can be sent.</summary>
    public bool IsFresh => Volatile.Read(ref _lastBeat) is var last and > long.MinValue && time.GetElapsedTime(last) < LeaseLasts;

    /// <summary>Is what was claimed under this lease still this node's?</summary>
    public bool Holds(int lease) => IsFresh && Lease == lease;

    /// <summary>Without a store there is no beat, and soon no lease; the next one tries again.</summary>
    public async Task BeatAsync(CancellationToken cancellation)
    {
        try
        {
            await RenewAsync(cancellation);
            _isAway = false;
        }
        catch (QueueUnavailableException away)
        {
            if (!_isAway) LogAway(away.Message);
            _isAway = true;
        }
    }

    /// <summary>The last beat. It comes after all others that use the lease have stopped.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            // However little time is left: the store answers at once, or not.
            await queue.LeaveAsync(node, CancellationToken.None);
        }
        catch (QueueUnavailableException)
        {
            // The others find this node overdue.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do await BeatAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        // Taken before the call: the lease counts from the earliest moment it can have been renewed.
        var began = time.GetTimestamp();
        var overdue = await queue.BeatAsync(node, cancellation);
        // This beat may have come too late as well, so that the gap counts to its end.
        if (!IsFresh) Interlocked.Increment(ref _lease);
        Volatile.Write(ref _lastBeat, began);
        _beats.Writer.TryWrite([.. overdue.Where(other => other != node)]);
    }

    [LoggerMessage(3002, LogLevel.Warning, "the queue's store cannot be reached ({Why}): no final dot is sent until it can")]
    private partial void LogAway(string why);
}
