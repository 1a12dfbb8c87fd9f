using Shouldly;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Durability;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Redis;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class ReplicationTests
{
    // Patient: what is tested is the answer, not how busy this machine is.
    private static readonly DurabilityOptions s_options =
        new() { Mode = DurabilityMode.Replicated, Replicas = 1, ReplicaTimeout = TimeSpan.FromSeconds(20) };

    private static readonly DurabilityOptions s_hasty =
        new() { Mode = DurabilityMode.Replicated, Replicas = 1, ReplicaTimeout = TimeSpan.FromMilliseconds(200) };

    [RedisFact]
    public async Task Confirm_ReplicaFollows_IsTrueAndItHasTheData()
    {
        await using var first = await RedisDaemon.StartAsync();
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        await using var watched = await WatchSamples.StartAsync(first, s_options);
        await watched.AcceptsAsync();
        for (var message = 0; message < 50; message++)
        {
            await watched.Link.SetAsync($"wc:{{0}}:m{message}", message);
            (await watched.Watch.ConfirmAsync([0], watched.Link.Generation)).ShouldBeTrue($"message {message}: {watched.Watch.Verdict}");
            (await second.RunAsync("GET", $"wc:{{0}}:m{message}")).ShouldBe($"{message}");
        }
    }

    [RedisFact]
    public async Task Confirm_ReplicaStandsStill_IsFalseAndTrueAgainLater()
    {
        await using var first = await RedisDaemon.StartAsync();
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        await using var watched = await WatchSamples.StartAsync(first, s_hasty);
        await watched.AcceptsAsync();
        await second.PauseAsync();
        await watched.Link.SetAsync("wc:{0}:x", 1);
        (await watched.Watch.ConfirmAsync([0], watched.Link.Generation)).ShouldBeFalse("the count that WAIT answers is looked at");
        await second.ResumeAsync();
        await LinkConfirmsAsync(watched);
    }

    [RedisFact]
    public async Task IsAccepting_NoReplica_IsNotUntilThereIsOne()
    {
        await using var first = await RedisDaemon.StartAsync();
        await using var watched = await WatchSamples.StartAsync(first, s_options);
        await Patience.Until(() => watched.State is DurabilityState.TooFewReplicas, "too few replicas");
        await watched.RefusesAsync(EnqueueResult.Unavailable);
        (await watched.Watch.ConfirmAsync([0], watched.Link.Generation)).ShouldBeFalse();
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        await watched.AcceptsAsync();
        await LinkConfirmsAsync(watched);
    }

    [RedisFact]
    public async Task Rerouted_ToAShardWhoseReplicaStandsStill_IsNotDoneWithBeforeThatHasIt()
    {
        await using var first = await RedisDaemon.StartAsync("--aof-load-truncated", "no");
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        using var metrics = new QueueMetrics();
        await using var queue = await new RedisServerFixture(first).OpenAsync(
            metrics, null, options => options with { Shards = 64, Durability = s_hasty });
        await Patience.Until(() => queue.IsAccepting(out _), "mail is accepted");
        await queue.StoreAsync(Message(DateTimeOffset.UtcNow));
        var claim = await queue.ClaimAsync(Google);
        var rerouted = new Settlement.Rerouted(claim.Deliveries[0].Id, Yahoo);
        await second.PauseAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        await Should.ThrowAsync<OperationCanceledException>(queue.SettleAsync(claim.Session, [rerouted], patience.Token));

        (await queue.LanesAsync(10, CancellationToken.None)).Single(lane => lane.Lane == Google).Claimed.ShouldBe(1);
        await second.ResumeAsync();
        (await queue.SettleAsync(claim.Session, rerouted)).ShouldBe(SettleVerdict.Settled);
        await queue.ReleaseAsync(claim.Session, CancellationToken.None);
        (await queue.LanesAsync(10, CancellationToken.None)).ShouldHaveSingleItem().Lane.ShouldBe(Yahoo);
    }

    [RedisFact]
    public async Task Enqueue_LargeWhileItsReplicaStandsStill_SendsContentOnce()
    {
        const int Octets = 4 * 1024 * 1024;
        await using var first = await RedisDaemon.StartAsync("--aof-load-truncated", "no");
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        using var metrics = new QueueMetrics();
        await using var queue = await new RedisServerFixture(first).OpenAsync(metrics, null, options => options with
        {
            Link = new RedisLinkOptions { Servers = [first.Address], CallTimeout = TimeSpan.FromSeconds(1) }, Durability = s_hasty,
        });
        await Patience.Until(() => queue.IsAccepting(out _), "mail is accepted");
        await queue.StoreAsync(Message(DateTimeOffset.UtcNow));
        var message = Message(DateTimeOffset.UtcNow) with { Content = LargeContentTests.Noise(Octets) };
        var before = await first.StatisticAsync("total_net_input_bytes");
        await second.PauseAsync();

        (await queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.Unavailable);

        (await first.StatisticAsync("total_net_input_bytes") - before).ShouldBeInRange(Octets, 2 * Octets);
        await second.ResumeAsync();
        (await queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(2);
    }

    [RedisFact]
    public async Task Confirm_PrimaryStartedAgain_NeedsItsReplicaAgain()
    {
        await using var first = await RedisDaemon.StartAsync();
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        await using var watched = await WatchSamples.StartAsync(first, s_options);
        await watched.AcceptsAsync();
        await LinkConfirmsAsync(watched);
        await first.KillAsync();
        (await watched.Watch.ConfirmAsync([0], watched.Link.Generation)).ShouldBeFalse();
        await first.RestartAsync();
        await watched.AcceptsAsync();
        await LinkConfirmsAsync(watched);
    }

    private static Task LinkConfirmsAsync(WatchSamples watched) =>
        Connection.LinkSamples.UntilAsync(() => watched.Watch.ConfirmAsync([0], watched.Link.Generation), "replicas confirm");
}
