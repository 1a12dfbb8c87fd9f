using Shouldly;
using Webcluster.Queue.Redis.Durability;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Redis;

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
            (await watched.Watch.ConfirmAsync([0])).ShouldBeTrue($"message {message}: {watched.Watch.Verdict}");
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
        (await watched.Watch.ConfirmAsync([0])).ShouldBeFalse("the count that WAIT answers is looked at");
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
        (await watched.Watch.ConfirmAsync([0])).ShouldBeFalse();
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        await watched.AcceptsAsync();
        await LinkConfirmsAsync(watched);
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
        (await watched.Watch.ConfirmAsync([0])).ShouldBeFalse();
        await first.RestartAsync();
        await watched.AcceptsAsync();
        await LinkConfirmsAsync(watched);
    }

    private static Task LinkConfirmsAsync(WatchSamples watched) =>
        Connection.LinkSamples.UntilAsync(() => watched.Watch.ConfirmAsync([0]), "replicas confirm");
}
