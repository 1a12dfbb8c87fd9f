using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Shards;

namespace Webcluster.Queue.Redis.Waiting;

/// <summary>
/// Waits for lanes that can be claimed. A shard is asked when it rang (a script published that a lane became claimable), when the time has
/// come that its last answer named, and every few seconds besides, because a publish can be lost. Nothing is asked per message. Lanes of
/// pools that are left out are not gone through each time: a shard is asked from where the first other one was, or one that rang.
/// </summary>
internal sealed class LaneWatch(ShardMap shards, QueueScripts scripts, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    private readonly ShardWatch[] _watches = [.. shards.All.Select(shard => new ShardWatch(shard))];
    private HashSet<string> _without = [];
    private volatile TaskCompletionSource _bell = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="due">When the lane became due that can be claimed now, or will be; 0: nobody knows.</param>
    public void Ring(int shard, long due)
    {
        _watches[shard].Ring(due);
        _bell.TrySetResult();
    }

    /// <summary>Publishes may have been missed, or something else has changed for all.</summary>
    public void RingAll()
    {
        foreach (var watch in _watches)
            watch.Ring(0);
        _bell.TrySetResult();
    }

    /// <summary>Up to so many lanes, earliest due first; waits until there is one. One caller at a time.</summary>
    /// <param name="without">Pools whose lanes are not named.</param>
    public async Task<IReadOnlyList<LaneKey>> NextAsync(int most, IReadOnlyCollection<string> without, CancellationToken cancellation)
    {
        if (!_without.SetEquals(without))
        {
            _without = [.. without];
            RingAll();
        }

        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            _bell = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var now = time.GetTimestamp();
            var named = await Task.WhenAll(_watches.Where(watch => watch.At <= now).Select(watch => AskAsync(watch, most)));
            var lanes = named.SelectMany(lanes => lanes).OrderBy(lane => lane.Due).Select(lane => lane.Lane).Distinct().Take(most).ToList();
            if (lanes.Count > 0)
                return lanes;
            await SleepAsync(cancellation);
        }
    }

    private async Task<List<(LaneKey Lane, long Due)>> AskAsync(ShardWatch watch, int most)
    {
        // The answer's time counts from before the question: asked a little too early, it is asked again.
        var asked = time.GetTimestamp();
        var from = watch.Asking();
        if (_without.Count == 0 || asked >= watch.AllAt)
        {
            from = 0;
            watch.AllAt = After(asked, Longest);
        }
        try
        {
            var reply = (await watch.Shard.RunAsync(scripts.Next, [most, from, .. _without.Select(LaneCode.Pool)]))
                .Items(least: 2, stride: 2);
            watch.LookFrom(reply[1].Number());
            var lanes = new List<(LaneKey, long)>(reply.Length / 2);
            for (var i = 2; i < reply.Length; i += 2)
                lanes.Add((Reply.Known(LaneCode.Decode(reply[i].Octets())), reply[i + 1].Number()));
            var wait = reply[0].Number();
            // A lane is named again until it is claimed.
            watch.AskAt(lanes.Count > 0 ? asked : After(asked, wait < 0 ? Longest : TimeSpan.FromMicroseconds(wait)));
            return lanes;
        }
        catch (RedisTroubleException)
        {
            watch.AskAt(After(time.GetTimestamp(), AfterTrouble));
            return [];
        }
    }

    private async Task SleepAsync(CancellationToken cancellation)
    {
        var until = _watches.Min(watch => watch.At);
        if (until <= time.GetTimestamp())
            return;
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Timers count in milliseconds: rounded up, else the last one would be spun through.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(time.GetElapsedTime(time.GetTimestamp(), until).TotalMilliseconds));
        var alarm = Task.Delay(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, time, awake.Token);
        // The clock may have gone on since.
        if (until > time.GetTimestamp())
            await Task.WhenAny(_bell.Task, alarm);
        await awake.CancelAsync();
        await alarm.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private long After(long timestamp, TimeSpan wait) =>
        timestamp + (long)(Math.Min(wait.TotalSeconds, Longest.TotalSeconds) * time.TimestampFrequency);
}
