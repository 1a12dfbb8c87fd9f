using System.Collections.Concurrent;
using System.Globalization;
using Shouldly;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Time;
using Webcluster.TestKit.Redis;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>What the contract does not say, because it takes several nodes, several shards, or a Redis.</summary>
public sealed class RedisMailQueueTests(RedisServerFixture server) : RedisStoreTests(server)
{
    private const string ManyEvents = """
        for shard, count in pairs({ [0] = 21500, 3000, 1500 }) do
          for _ = 1, count do redis.call('XADD', 'wc:{' .. shard .. '}:events', '*', 'k', 'none') end
        end
        """;

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [RedisTheory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task FourNodes_Concurrently_EachDeliveryIsClaimedOnce(int shards)
    {
        const int Messages = 400;
        var lanes = Enumerable.Range(0, 6).Select(i => new LaneKey($"provider{i % 3}", $"mx{i}.example", "main")).ToArray();
        var nodes = new List<RedisMailQueue>();
        for (var i = 0; i < 4; i++)
            nodes.Add(await OpenAsync(options => options with { Shards = shards, SiteLimits = new SiteLimits(3, 20) }));
        var claimed = new ConcurrentDictionary<DeliveryId, int>();
        using var done = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        async Task DeliverAsync(RedisMailQueue queue, NodeId node)
        {
            while (claimed.Count < 2 * Messages)
                foreach (var lane in await queue.NextLanesAsync(4, [], done.Token))
                {
                    if (await queue.TryClaimAsync(lane, 5, node: node) is not ClaimResult.Granted claim)
                        continue;
                    foreach (var delivery in claim.Deliveries)
                        claimed.AddOrUpdate(delivery.Id, 1, (_, times) => times + 1);
                    Settlement[] sent = [.. claim.Deliveries.Select(delivery => new Settlement.Done(delivery.Id, Sent: true))];
                    (await queue.SettleAsync(claim.Session, sent, CancellationToken.None)).ShouldAllBe(verdict => verdict == SettleVerdict.Settled);
                    await queue.ReleaseAsync(claim.Session, CancellationToken.None);
                }
            await done.CancelAsync();
        }

        async Task ProduceAsync(RedisMailQueue queue, int producer)
        {
            for (var i = producer; i < Messages; i += 4)
                await queue.StoreAsync(Message(Now, To(lanes[i % 6], (MailClass)(i % 3)), To(lanes[(i + 1) % 6], (MailClass)(i % 3))));
        }

        var produce = nodes.Select((queue, i) => Task.Run(() => ProduceAsync(queue, i)));
        var deliver = nodes.Select((queue, i) => Task.Run(() => DeliverAsync(queue, new NodeId($"node-{i}"))).ContinueWith(
            task => task.IsFaulted && task.Exception.InnerException is not OperationCanceledException ? task : Task.CompletedTask, TaskScheduler.Default).Unwrap());
        await Task.WhenAll(produce.Concat(deliver));

        claimed.Count.ShouldBe(2 * Messages);
        claimed.Values.ShouldAllBe(times => times == 1);
        var counts = await nodes[0].CountAsync(CancellationToken.None);
        (counts.Messages, counts.Ready, counts.Scheduled, counts.Claimed, counts.ContentOctets, counts.Lanes, counts.Sessions).ShouldBe((0, 0, 0, 0, 0, 0, 0));
        // An empty record is remembered for a minute; events are kept, and how far the suppression list was swept.
        string[] kept = [":totals", ":store", ":nodes", ":events", ":last", ":sweep"];
        (await Server.Daemon.DumpAsync()).Split('\n').Where(line => !line.EndsWith(" string ", StringComparison.Ordinal)).Select(line => line.Split(' ')[0])
            .ShouldAllBe(key => kept.Any(name => key.EndsWith(name, StringComparison.Ordinal)));
    }

    [RedisFact]
    public async Task Sessions_OfTwoNodes_ShareTheSlotsOfASite()
    {
        var (one, other) = (await OpenAsync(options => options with { SiteLimits = new SiteLimits(2, 5) }), await OpenAsync(options => options with { SiteLimits = new SiteLimits(2, 5) }));
        for (var i = 0; i < 3; i++)
            await one.StoreAsync(Message(Now));
        var first = await one.ClaimAsync(Google);
        await other.ClaimAsync(Google, node: NodeB);

        (await other.RefusedAsync(Google, node: NodeB)).Reason.ShouldBe(WaitReason.ConnectionLimit);
        await one.ReleaseAsync(first.Session, CancellationToken.None);

        (await other.NextAsync().SoonAsync()).ShouldBe([Google]);
    }

    [RedisFact]
    public async Task NextLanes_MailStoredByAnotherNode_WakesAtOnce()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        var next = other.NextAsync();
        await Task.Delay(50);

        await one.StoreAsync(Message(Now));

        // Well before it would have looked by itself.
        (await next.WaitAsync(TimeSpan.FromSeconds(3))).ShouldBe([Google]);
    }

    [RedisFact]
    public async Task Open_OtherNumberOfShards_IsRefused()
    {
        await OpenAsync(options => options with { Shards = 4 });

        (await Should.ThrowAsync<QueueStoreException>(OpenAsync())).Message.ShouldContain("made for 4 shards, and 1 are configured");
    }

    [RedisFact]
    public async Task Shards_MessageOfSeveralProviders_IsStoredOnEachAndFoundWhole()
    {
        var lanes = Enumerable.Range(0, 8).Select(i => new LaneKey($"provider{i}", $"mx{i}.example", "main")).ToArray();
        var queue = await OpenAsync(options => options with { Shards = 4 });
        var message = await queue.StoreAsync(Message(Now, [.. lanes.Select(lane => To(lane))]));

        (await queue.FindAsync(message.Id, CancellationToken.None)).Select(delivery => delivery.Lane).ShouldBe(lanes);
        (await queue.NextAsync(10)).ShouldBe(lanes, ignoreOrder: true);
        (await queue.LanesAsync(10, CancellationToken.None)).Select(lane => lane.Lane).ShouldBe(lanes, ignoreOrder: true);
        SessionId last = default;
        foreach (var lane in lanes)
        {
            var claim = await queue.ClaimAsync(lane);
            (await queue.ContentAsync(message.Id, claim.Session)).ShouldNotBeNull().ToArray().ShouldBe(message.Content.ToArray());
            (await queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
            await queue.ReleaseAsync(claim.Session, CancellationToken.None);
            last = claim.Session;
        }
        (await queue.ContentAsync(message.Id, last)).ShouldBeNull();
        (await queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
    }

    [RedisFact]
    public async Task Reap_ManySessions_AllAreGivenBack()
    {
        var queue = await OpenAsync(options => options with { SiteLimits = new SiteLimits(100, 100), NodeExpiry = TimeSpan.Zero });
        for (var i = 0; i < 50; i++)
        {
            await queue.StoreAsync(Message(Now));
            await queue.ClaimAsync(Google);
        }

        (await queue.ReapAsync(NodeA, CancellationToken.None)).ShouldBe(50);

        var counts = await queue.CountAsync(CancellationToken.None);
        (counts.Ready, counts.Claimed, counts.Sessions).ShouldBe((50, 0, 0));
    }

    [RedisFact]
    public async Task Beat_AfterTheStoreWasAway_NobodyIsOverdueUntilAFullExpiryLater()
    {
        var time = new ManualClock();
        var queue = await OpenAsync(null, time);
        await queue.BeatAsync(NodeA, CancellationToken.None);
        await queue.BeatAsync(NodeB, CancellationToken.None);

        time.Advance(TimeSpan.FromMinutes(1));
        (await queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBeEmpty();

        time.Advance(TimeSpan.FromSeconds(9));
        (await queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(2));
        (await queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBe([NodeA]);
    }

    [RedisFact]
    public async Task Names_WithEverythingInThem_AreDataAndNothingElse()
    {
        string[] names = ["{0}", "wc:{1}:m:", "a:b", "1:a", "", "\r\nFLUSHALL\r\n", "nul\0nul", "'; return redis.call('FLUSHALL') --", "größe", new string('x', 300), "*", "%s"];
        var lanes = names.SelectMany(one => names.Take(6).Select(other => new LaneKey(one, other, one + other))).ToArray();
        var queue = await OpenAsync(options => options with { NodeExpiry = TimeSpan.Zero });
        var stored = new Dictionary<LaneKey, NewMessage>();
        foreach (var (lane, i) in lanes.Select((lane, i) => (lane, i)))
            stored[lane] = await queue.StoreAsync(Message(Now, To(lane)).Of(names[i % names.Length]));

        foreach (var (lane, message) in stored)
        {
            var node = new NodeId(lane.Pool);
            var claim = await queue.ClaimAsync(lane, 5, node: node);
            claim.Messages().ShouldBe([message.Id]);
            claim.Deliveries[0].Envelope.ShouldBe(message.Envelope);
            (await queue.FindAsync(message.Id, CancellationToken.None)).ShouldHaveSingleItem().Lane.ShouldBe(lane);
            (await queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
            await queue.ReapAsync(node, CancellationToken.None);
        }
        (await queue.CountAsync(CancellationToken.None)).Lanes.ShouldBe(0);
    }

    [RedisTheory]
    [InlineData(10)]
    [InlineData(600)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task Content_OfAnySizeAndKind_ComesBackAsItWas(int octets)
    {
        var queue = await OpenAsync();
        var random = new Random(octets);
        var noise = new byte[octets];
        random.NextBytes(noise);
        var text = new byte[octets];
        for (var i = 0; i < octets; i++)
            text[i] = (byte)('a' + i % 7);
        foreach (var body in new[] { noise, text })
        {
            var message = await queue.StoreAsync(Message(Now) with { Content = new MessageContent("Received: x\r\n"u8.ToArray(), body) });
            var claim = await queue.ClaimAsync(Google);
            claim.Deliveries[0].Content.ShouldNotBeNull().ToArray().SequenceEqual(message.Content.ToArray()).ShouldBeTrue();
            claim.Deliveries[0].Content!.Prefix.Length.ShouldBe(13);
            (await queue.ContentAsync(message.Id)).ShouldNotBeNull().ToArray().SequenceEqual(message.Content.ToArray()).ShouldBeTrue();
            await queue.SettleAsync(claim.Session, claim.Sent());
            await queue.ReleaseAsync(claim.Session, CancellationToken.None);
        }
    }

    [RedisFact]
    public async Task Beat_TooManyEvents_DoesNotWaitForTheirGoing()
    {
        var queue = await OpenAsync(options => options with { Shards = 3, Events = new EventOptions { Most = 3 } });
        await Server.Daemon.RunAsync("EVAL", ManyEvents, "0");

        await queue.BeatAsync(NodeA, CancellationToken.None);

        (await EventsAsync()).ShouldBe([21500, 3000, 1500]);
    }

    [RedisFact]
    public async Task Tend_FarTooManyEvents_LetsGoOfSomeOnEachShard()
    {
        var queue = await OpenAsync(options => options with { Shards = 3, Events = new EventOptions { Most = 3 } });
        await Server.Daemon.RunAsync("EVAL", ManyEvents, "0");

        (await EventsTendedAsync(queue)).ShouldBe([4500, 3, 3]);
        (await EventsTendedAsync(queue)).ShouldBe([1, 1, 1]);
    }

    [RedisFact]
    public async Task Tend_EventsOfOneShardAboveAll_EachKeepsItsPartOfMost()
    {
        var queue = await OpenAsync(options => options with { Shards = 3, Events = new EventOptions { Most = 30 } });
        const string Add = "for _ = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', 'k', 'none') end";
        await Server.Daemon.RunAsync("EVAL", Add, "1", "wc:{0}:events", "30");
        (await EventsTendedAsync(queue)).ShouldBe([30, 0, 0]);

        await Server.Daemon.RunAsync("EVAL", Add, "1", "wc:{2}:events", "10");

        (await EventsTendedAsync(queue)).ShouldBe([23, 0, 8]);
    }

    private async Task<int[]> EventsTendedAsync(IMailQueue queue)
    {
        await queue.TendAsync(NodeA, CancellationToken.None);
        return await EventsAsync();
    }

    private async Task<int[]> EventsAsync()
    {
        var lengths = new List<int>();
        for (var shard = 0; shard < 3; shard++)
            lengths.Add(int.Parse(await Server.Daemon.RunAsync("XLEN", $"wc:{{{shard}}}:events"), CultureInfo.InvariantCulture));
        return [.. lengths];
    }
}
