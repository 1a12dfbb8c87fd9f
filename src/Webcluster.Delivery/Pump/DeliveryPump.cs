using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Brings lanes that can move together with connections: waits for the queue to name lanes, gives their mail to a parked connection where
/// there is one, else opens a session. Room for a session is reserved before its mail is claimed. While the gate is closed it does nothing,
/// and has no sessions but those that come to their end.
/// </summary>
internal sealed class DeliveryPump(
    IMailQueue queue, NodeId node, Heartbeat heartbeat, SessionRunnerFactory runners, DeliveryGate gate, DeliveryOptions options,
    TimeProvider time) : BackgroundService
{
    /// <summary>
    /// How long it rests after the first, second, ... round in a row that gave nothing. Mail that comes meanwhile waits for it: so after one
    /// whose mail a session took it is a moment; where nothing of what is named can move here, it is asked for rarely.
    /// </summary>
    public static readonly IReadOnlyList<TimeSpan> Rests = [.. new[] { 5, 10, 20, 50, 100 }.Select(each => TimeSpan.FromMilliseconds(each))];

    // A claim brings that much content along; larger messages are read when their turn comes.
    private const int MostInlineOctets = 4 * 1024 * 1024;
    private const int LanesAtATime = 64;

    // Another node's source goes first: its mails are a matter of milliseconds.
    private static readonly TimeSpan AfterOthersTurn = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _room = new(options.MaxSessions);
    private readonly ConcurrentDictionary<SessionRunner, Task> _running = new();
    private readonly UnservedPools _unserved = new(runners.Offers, time);

    /// <summary>What follows the present round where nothing comes of it. The pump's loop alone uses it.</summary>
    private TimeSpan _rest;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        DrainAll();
        var all = Task.WhenAll(_running.Values);
        await Task.WhenAny(all, Task.Delay(Timeout.Infinite, cancellationToken));
        foreach (var runner in _running.Keys) runner.Abandon();
        await all;
    }

    public override void Dispose()
    {
        _room.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await heartbeat.BeatAsync(stoppingToken);
        while (true)
        {
            var closed = await gate.OpenedAsync(stoppingToken);
            using var open = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, closed);
            try
            {
                await PumpAsync(open.Token, stoppingToken);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // Only this loop opens sessions: those there are now are all.
                DrainAll();
            }
        }
    }

    /// <param name="open">Ends the waiting. A claim that has begun is awaited: mail claimed and not known to be would stay with this
    /// node.</param>
    private async Task PumpAsync(CancellationToken open, CancellationToken stopping)
    {
        for (var fruitless = 0; ;)
        {
            var fruitful = false;
            _rest = Rests[fruitless];
            foreach (var lane in await NextLanesAsync(open))
            {
                open.ThrowIfCancellationRequested();
                // Without a lease no final dot is sent: each claim would cost a connection, and its provider's limits, for nothing.
                if (!heartbeat.IsFresh) break;
                if (_unserved.Includes(lane)) continue;
                fruitful |= await GiveToParkedAsync(lane, stopping) ?? await OpenAsync(lane, open, stopping);
            }

            fruitless = fruitful ? 0 : Math.Min(fruitless + 1, Rests.Count - 1);
            if (!fruitful) await Task.Delay(_rest, time, open);
        }
    }

    /// <returns>Empty where a pool is served again that was not: its lanes can be named now.</returns>
    private async Task<IReadOnlyList<LaneKey>> NextLanesAsync(CancellationToken open)
    {
        _unserved.Forget();
        var without = _unserved.Names;
        if (without.Count == 0) return await queue.NextLanesAsync(LanesAtATime, without, open);
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(open);
        var next = queue.NextLanesAsync(LanesAtATime, without, awake.Token);
        var served = _unserved.ServedAgainAsync(awake.Token);
        await Task.WhenAny(next, served);
        await awake.CancelAsync();
        await served.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            return await next;
        }
        catch (OperationCanceledException) when (!open.IsCancellationRequested)
        {
            return [];
        }
    }

    private void DrainAll()
    {
        foreach (var runner in _running.Keys) runner.Drain();
    }

    /// <returns>Null where another session is what could help: none is parked, or what is has no right to more.</returns>
    private async ValueTask<bool?> GiveToParkedAsync(LaneKey lane, CancellationToken stopping)
    {
        while (runners.Parked.Take(lane) is { } parked)
        {
            ClaimResult? result = null;
            try
            {
                result = await queue.ClaimAsync(Request(lane, parked.Session, ClaimSize.First), stopping);
            }
            finally
            {
                runners.Parked.Answer(parked, result);
            }

            if (result is ClaimResult.Granted) return true;
            if (result is ClaimResult.NotNow { Reason: WaitReason.NothingDue }) return false;
            // What this session's source may not, another one may.
            if (ParkedSessions.IsFor(result)) return runners.Offers.For(lane) is { Sources.Count: > 1 } ? null : false;
        }

        return null;
    }

    private async ValueTask<bool> OpenAsync(LaneKey lane, CancellationToken open, CancellationToken stopping)
    {
        await RoomAsync(open);
        ClaimResult.Granted? granted = null;
        var lease = heartbeat.Lease;
        try
        {
            var result = await queue.ClaimAsync(Request(lane, session: null, ClaimSize.First), stopping);
            granted = result as ClaimResult.Granted;
            if (result is ClaimResult.NotNow { Reason: WaitReason.ConnectionLimit }) runners.Parked.CloseOneFor(lane);
            if (result is ClaimResult.NotNow { Reason: WaitReason.OthersTurn }) _rest = AfterOthersTurn;
        }
        finally
        {
            if (granted is null) _room.Release();
        }

        if (granted is null) return false;
        var source = lane == LaneKey.Bounces ? null : runners.Sources.Find(granted.Source);
        var opened = new OpenedSession(granted.Session, lane, source, lease);
        var runner = runners.Create(opened, most => Request(lane, granted.Session, most));
        var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gate.Enter();
        _running[runner] = RunAsync(runner, granted, known.Task);
        known.SetResult();
        return true;
    }

    private async Task RoomAsync(CancellationToken open)
    {
        var room = _room.WaitAsync(open);
        if (!room.IsCompleted) runners.Parked.MakeRoom();
        try
        {
            await room;
        }
        finally
        {
            runners.Parked.RoomMade();
        }
    }

    /// <param name="known">Complete once the runner stands among the running, so that it can be taken out again.</param>
    private async Task RunAsync(SessionRunner runner, ClaimResult.Granted granted, Task known)
    {
        await known;
        try
        {
            await runner.RunAsync(granted.Deliveries);
        }
        finally
        {
            _running.TryRemove(runner, out _);
            gate.Leave();
            _room.Release();
        }
    }

    private ClaimRequest Request(LaneKey lane, SessionId? session, int most) =>
        new(node, lane, session, most, MostInlineOctets, runners.Offers.For(lane));
}
