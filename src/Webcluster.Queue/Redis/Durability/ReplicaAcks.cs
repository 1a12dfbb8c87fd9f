using System.Threading.Channels;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>Group commit over replicas: one wait answers all who asked before it began. Who asks meanwhile shares the next one.</summary>
internal sealed class ReplicaAcks : IAsyncDisposable
{
    private const int MostWaiting = 65_536;

    private readonly Channel<TaskCompletionSource<bool>> _waiting = Channel.CreateBounded<TaskCompletionSource<bool>>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<CancellationToken, Task<bool>> _pass;
    private readonly Action _failed;
    private readonly Task _loop;

    /// <param name="pass">Must not throw.</param>
    /// <param name="failed">Called once for each wait that was in vain.</param>
    public ReplicaAcks(Func<CancellationToken, Task<bool>> pass, Action failed)
    {
        (_pass, _failed) = (pass, failed);
        _loop = RunAsync();
    }

    /// <returns>Whether everything written before this call is replicated; false where too many wait.</returns>
    public Task<bool> ConfirmAsync()
    {
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Writer.TryWrite(waiter) ? waiter.Task : Task.FromResult(false);
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
        var batch = new List<TaskCompletionSource<bool>>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (_waiting.Reader.TryRead(out var waiter))
                batch.Add(waiter);
            var passed = !_stopping.IsCancellationRequested && await _pass(_stopping.Token);
            if (!passed)
                _failed();
            foreach (var waiter in batch)
                waiter.SetResult(passed);
            batch.Clear();
        }
    }
}
