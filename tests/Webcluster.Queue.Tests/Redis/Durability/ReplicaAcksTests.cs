using Shouldly;
using Webcluster.Queue.Redis.Durability;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class ReplicaAcksTests
{
    [Fact]
    public async Task Confirm_WhileOneWaits_TheOthersShareTheNext()
    {
        var asked = new List<IReadOnlyCollection<int>>();
        var passes = new List<TaskCompletionSource<bool>>();
        await using var acks = new ReplicaAcks((shards, _) =>
        {
            lock (passes)
            {
                asked.Add(shards);
                passes.Add(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
                return passes[^1].Task;
            }
        }, () => { });
        var first = acks.ConfirmAsync([7]);
        await Patience.Until(() => passes.Count == 1, "the first wait begins");
        var others = Enumerable.Range(0, 100).Select(i => acks.ConfirmAsync([i % 3, 7])).ToArray();
        passes[0].SetResult(true);
        (await first.Soon()).ShouldBeTrue();
        await Patience.Until(() => passes.Count == 2, "the second wait begins");
        others.ShouldAllBe(other => !other.IsCompleted, "what was written after the first wait began is not covered by it");
        passes[1].SetResult(false);
        (await Task.WhenAll(others).Soon()).ShouldAllBe(confirmed => !confirmed);
        asked.ShouldBe([[7], [0, 7, 1, 2]]);
    }

    [Fact]
    public async Task Dispose_WithWaiters_ConfirmsNothing()
    {
        var acks = new ReplicaAcks(async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }, () => { });
        var waiting = acks.ConfirmAsync([0]);
        await acks.DisposeAsync();
        (await waiting.Soon()).ShouldBeFalse();
        (await acks.ConfirmAsync([0]).Soon()).ShouldBeFalse();
    }
}
