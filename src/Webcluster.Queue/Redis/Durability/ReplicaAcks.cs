using System.Threading.Channels;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>Group commit over replicas: one wait answers all who asked before it began. Who asks meanwhile shares the next one.</summary>
internal sealed class ReplicaAcks : IAsyncDisposable
{
    private const int MostWaiting = 65_536;

    private readonly Channel<Waiter> _waiting = Channel.CreateBounded<Waiter>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<IReadOnlyCollection<int>, CancellationToken, Task<bool>> _pass;
    private readonly Action _failed;
    private readonly Task _loop;

    /// <param name="pass">For all the shards that are asked for. Must not throw.</param>
    /// <param name="failed">Called once for each wait that was in vain.</param>
    public ReplicaAcks(Func<IReadOnlyCollection<int>, CancellationToken, Task<bool>> pass, Action failed)
    {
        (_pass, _failed) = (pass, failed);
        _loop = RunAsync();
    }

    /// <returns>Whether everything written to these shards before this call is replicated; false where too many wait.</returns>
    public Task<bool> ConfirmAsync(IReadOnlyCollection<int> shards)
    {
        var waiter = new Waiter(shards);
        return _waiting.Writer.TryWrite(waiter) ? waiter.Answer.Task : Task.FromResult(false);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Waiter>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (_waiting.Reader.TryRead(out var waiter))
                batch.Add(waiter);
            int[] shards = [.. batch.SelectMany(waiter => waiter.Shards).Distinct()];
            var passed = !_stopping.IsCancellationRequested && await _pass(shards, _stopping.Token);
            if (!passed)
                _failed();
            foreach (var waiter in batch)
                waiter.Answer.SetResult(passed);
            batch.Clear();
        }
    }

    private sealed record Waiter(IReadOnlyCollection<int> Shards)
    {
        public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
