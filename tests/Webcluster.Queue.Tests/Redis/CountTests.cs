using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Tests.Redis.Connection;
using Webcluster.TestKit.Redis;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>Counting goes through all due lanes: none is left out, and no call has much to do.</summary>
public sealed class CountTests(RedisServerFixture server) : RedisStoreTests(server)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [RedisFact]
    public async Task Count_DueLanesForSeveralCalls_CountsEachOnce()
    {
        var queue = await OpenAsync();
        await queue.StoreAsync(Message(Now, Lanes(500)));
        foreach (var paused in Lanes(500).Where((_, i) => i % 2 == 0))
            await queue.PauseLaneAsync(paused.Lane, TimeSpan.FromHours(1), CancellationToken.None);
        await queue.StoreAsync(Message(Now, Lanes(50)) with { NotBefore = Now.AddHours(1) });

        var counts = await queue.CountAsync(CancellationToken.None);

        (counts.Ready, counts.Scheduled, counts.Lanes).ShouldBe((500, 50, 500));
    }

    [RedisFact]
    public async Task Count_LanesWithManyFlows_TakesSeveralCalls()
    {
        var queue = await OpenAsync();
        for (var tenant = 0; tenant < 100; tenant++)
            await queue.StoreAsync(Message(Now, Lanes(30)).Of($"tenant{tenant}"));
        await using var link = await Server.Daemon.ConnectAsync();

        var reply = (await new Shard(0, link, 1, null).RunAsync(new QueueScripts().Count, 0, 200)).Items(least: 10);

        (reply[6].Number(), reply[8].Number()).ShouldBe((1000, 10));
        (await queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(3000);
        (await queue.LanesAsync(100, CancellationToken.None)).Sum(lane => lane.Ready).ShouldBe(3000);
    }

    private static NewDelivery[] Lanes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => To(new LaneKey($"provider{i}", $"mx{i}.example", "main")))];
}
