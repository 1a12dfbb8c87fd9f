using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Redis;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>A server whose memory is used up but for what is kept for outcomes, and then altogether.</summary>
public sealed class FullStoreTests
{
    [RedisFact]
    public async Task Enqueue_AboveTheMark_OnlyWhatReplacesMailIsStored()
    {
        await using var daemon = await RedisDaemon.StartAsync("--maxmemory", "20mb");
        using var metrics = new QueueMetrics();
        await using var queue = await RedisMailQueue.OpenAsync(
            new RedisQueueOptions { Link = new RedisLinkOptions { Servers = [daemon.Address] } }, TimeProvider.System, metrics,
            NullLogger<RedisMailQueue>.Instance, CancellationToken.None);
        await FillAsync(daemon, 17);
        await Patience.Until(() => !queue.IsAccepting(out var reason) && reason is EnqueueResult.Full, "it is full");

        (await EnqueueAsync(queue, replacesMail: false)).ShouldBe(EnqueueResult.Full);
        (await EnqueueAsync(queue, replacesMail: true)).ShouldBe(EnqueueResult.Stored);

        await FillAsync(daemon, 30);
        (await EnqueueAsync(queue, replacesMail: true)).ShouldBe(EnqueueResult.Full);
    }

    /// <summary>Until there is so much, or no room.</summary>
    private static Task FillAsync(RedisDaemon daemon, int megabytes) => daemon.RunAsync(
        "EVAL", $"for at = 1, {megabytes} do redis.pcall('SET', 'fill' .. at, string.rep('x', 1000000)) end", "0");

    private static Task<EnqueueResult> EnqueueAsync(RedisMailQueue queue, bool replacesMail) => queue.EnqueueAsync(
        Message(DateTimeOffset.UtcNow) with { Content = new MessageContent(default, new byte[2000]), ReplacesMail = replacesMail },
        CancellationToken.None);
}
