using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Webcluster.Queue.Events;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Redis.Rules;

/// <summary>
/// Carries rules out, one loop for each shard: a step at a time, each a script, while there is work and no other node does it. What came of
/// it is in the store, so that any node goes on where this one ends.
/// </summary>
internal sealed class RuleCarrier(ShardMap shards, QueueScripts scripts, RuleReports reports, TimeProvider time)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    private readonly byte[] _name = Guid.NewGuid().ToByteArray();
    private readonly Channel<bool>[] _bells = [.. shards.All.Select(_ => Bell())];

    public void Ring(int shard) => _bells[shard].Writer.TryWrite(true);

    /// <summary>Publishes may have been missed.</summary>
    public void RingAll()
    {
        foreach (var bell in _bells)
            bell.Writer.TryWrite(true);
    }

    /// <summary>Ends when it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(shards.All.Select(shard => RunAsync(shard, stop)));

    private async Task RunAsync(Shard shard, CancellationToken stop)
    {
        var isDelayed = false;
        while (!stop.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                wait = await StepAsync(shard, Lease);
                isDelayed = false;
            }
            catch (Exception trouble) when (trouble is RedisTroubleException or QueueUnavailableException)
            {
                if (!isDelayed)
                    reports.Logger.RulesDelayed(trouble, shard.Number);
                isDelayed = true;
                wait = AfterTrouble;
            }
            if (wait > TimeSpan.Zero)
                await WaitAsync(shard, wait, stop);
        }
        await LeaveAsync(shard);
    }

    private static Channel<bool> Bell() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <returns>When it is worth taking another step.</returns>
    private async Task<TimeSpan> StepAsync(Shard shard, TimeSpan lease)
    {
        var microseconds = lease.Ticks / TimeSpan.TicksPerMicrosecond;
        var reply = (await shard.RunAsync(scripts.Carry, _name, microseconds, shard.Number, shards.All.Count)).Items(least: 2);
        switch (reply[0].Text())
        {
            case "idle":
                return reply[1].Number() is >= 0 and var until ? Bounded(until) : Longest;
            case "busy":
                return Bounded(reply[1].Number());
            case "stepped" when reply.Length == 4:
                Tell(shard, reply);
                return TimeSpan.Zero;
            case "done" when reply.Length == 5:
                Tell(shard, reply);
                await reports.CarriedOut(reply[4].Octets());
                return TimeSpan.Zero;
            case "over" when reply.Length == 3:
                var rule = RuleCode.Decode(reply[1].Octets(), reply[2].Octets());
                // Every shard says so of its part; one line is enough.
                if (shard.Number == 0)
                    reports.Logger.RuleOver(rule.Id, rule);
                return TimeSpan.Zero;
            case var other:
                throw Reply.Bad($"a step with {other}");
        }
    }

    private void Tell(Shard shard, RedisResult[] step)
    {
        reports.Metrics.RuleDone((RuleAction)step[2].Number(), (int)step[1].Number());
        reports.Events.Tell(
            [.. step[3].Items().Select(made => EventCode.Read(shard.Number, made)).OfType<StoredEvent>().Select(stored => stored.Event)]);
    }

    private async Task WaitAsync(Shard shard, TimeSpan wait, CancellationToken stop)
    {
        var bell = _bells[shard.Number].Reader;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(bell.WaitToReadAsync(ends.Token).AsTask(), Task.Delay(wait, time, ends.Token));
        await ends.CancelAsync();
        bell.TryRead(out _);
    }

    /// <summary>Gives the work up at once, so that another need not wait for the lease to end.</summary>
    private async Task LeaveAsync(Shard shard)
    {
        try
        {
            await StepAsync(shard, TimeSpan.Zero);
        }
        catch (RedisTroubleException)
        {
            // The lease ends by itself.
        }
    }

    // A little more than is left: timers count in milliseconds.
    private static TimeSpan Bounded(long microseconds) =>
        TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(microseconds / 1000.0) + 1, Longest.TotalMilliseconds));
}

/// <summary>Whom the carrier tells what it does.</summary>
/// <param name="CarriedOut">Called with the id of a rule that one shard has done with.</param>
internal sealed record RuleReports(QueueMetrics Metrics, ILogger Logger, EventOptions Events, Func<byte[], Task> CarriedOut);
