using Webcluster.Queue.Sessions;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Queue.Tests;

/// <summary>What the contracts of a queue have in common: each test has a queue of its own, empty at first, that can be opened anew.</summary>
public abstract class QueueContract : IAsyncLifetime
{
    private IMailQueue? _queue;

    protected ManualClock Time { get; } = new();

    protected QueueMetrics Metrics { get; } = new();

    protected IMailQueue Queue => _queue!;

    protected DateTimeOffset Now => Time.Now;

    /// <summary>Removes what another test may have left.</summary>
    protected virtual Task EmptyAsync() => Task.CompletedTask;

    /// <summary>Opens the queue, with what it stored before. Its time is <see cref="Time"/>.</summary>
    protected abstract ValueTask<IMailQueue> OpenAsync();

    /// <summary>Checks and removes what the queue leaves behind; it is disposed already.</summary>
    protected virtual ValueTask CleanAsync() => ValueTask.CompletedTask;

    public async Task InitializeAsync()
    {
        await EmptyAsync();
        _queue = await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await Queue.DisposeAsync();
        Metrics.Dispose();
        await CleanAsync();
    }

    /// <summary>Reaps a node that never beat, once it is overdue.</summary>
    protected ValueTask<int> ReapAsync(NodeId node)
    {
        Time.Advance(TimeSpan.FromSeconds(11));
        return Queue.ReapAsync(node, CancellationToken.None);
    }

    protected async Task RestartAsync()
    {
        await Queue.DisposeAsync();
        _queue = await OpenAsync();
    }
}
