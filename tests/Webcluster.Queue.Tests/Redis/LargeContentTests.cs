using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Redis;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>Content that takes long on its way: it goes no oftener than it must, and has time for it.</summary>
public sealed class LargeContentTests(RedisServerFixture server) : RedisStoreTests(server)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [RedisFact]
    public async Task ReadContent_MessageOnManyShards_IsReadFromOne()
    {
        const int Octets = 500_000;
        LaneKey[] lanes = [.. Enumerable.Range(0, 20).Select(i => new LaneKey($"provider{i}", $"mx{i}.example", "main"))];
        var queue = await OpenAsync(options => options with { Shards = 64 });
        var message = await queue.StoreAsync(Message(Now, [.. lanes.Select(lane => To(lane))]) with { Content = Noise(Octets) });
        var claim = await ClaimAsync(queue, lanes[7]);
        var before = await SentAsync();

        var content = (await queue.ContentAsync(message.Id, claim.Session)).ShouldNotBeNull();

        content.ToArray().SequenceEqual(message.Content.ToArray()).ShouldBeTrue();
        (await SentAsync() - before).ShouldBeInRange(Octets, 2 * Octets);
    }

    [RedisFact]
    public async Task Rerouted_OneOfManyDeliveries_ReadsAndSendsNoneOfTheOthers()
    {
        const int Octets = 500_000;
        var queue = await OpenAsync(options => options with { Shards = 64 });
        var message = await queue.StoreAsync(
            Message(Now, [.. Enumerable.Repeat(To(Google), 3000), To(Yahoo)]) with { Content = Noise(Octets) });
        var claim = await ClaimAsync(queue, Google);
        var (sent, received) = (await SentAsync(), await ReceivedAsync());

        (await queue.SettleAsync(claim.Session, new Settlement.Rerouted(claim.Deliveries[0].Id, Yahoo))).ShouldBe(SettleVerdict.Settled);

        (await SentAsync() - sent).ShouldBeLessThan(Octets / 2);
        (await ReceivedAsync() - received).ShouldBeLessThan(Octets / 2);
        DeliveryId[] there = [claim.Deliveries[0].Id, message.Delivery(3000)];
        (await queue.ClaimAsync(Yahoo, 10)).Deliveries.Select(delivery => delivery.Id).ShouldBe(there, ignoreOrder: true);
    }

    [RedisFact]
    public async Task Enqueue_ContentThatTakesLongerThanACall_IsStored()
    {
        await using var way = new SlowWay(Server.Daemon.Port, octetsASecond: 8 * 1024 * 1024);
        var queue = await OpenAsync(options => options with
        {
            Link = new RedisLinkOptions { Servers = [$"127.0.0.1:{way.Port}"], CallTimeout = TimeSpan.FromSeconds(1) },
        });

        await queue.StoreAsync(Message(Now) with { Content = Noise(20 * 1024 * 1024) });

        (await queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(16, 5)]
    [InlineData(76, 20)]
    [InlineData(1_000, 20)]
    public void Call_WithContent_HasTimeForIt(long mebibytes, int seconds) =>
        new RedisLinkOptions().TimeFor(mebibytes * 1024 * 1024).ShouldBe(TimeSpan.FromSeconds(seconds));

    /// <summary>Without the content.</summary>
    private static async Task<ClaimResult.Granted> ClaimAsync(RedisMailQueue queue, LaneKey lane) =>
        (await queue.ClaimAsync(new ClaimRequest(NodeA, lane, null, 1, 0), CancellationToken.None)).ShouldBeOfType<ClaimResult.Granted>();

    internal static MessageContent Noise(int octets)
    {
        var noise = new byte[octets];
        new Random(octets).NextBytes(noise);
        return new MessageContent(default, noise);
    }

    private Task<long> SentAsync() => Server.Daemon.StatisticAsync("total_net_output_bytes");

    private Task<long> ReceivedAsync() => Server.Daemon.StatisticAsync("total_net_input_bytes");
}
