using Microsoft.Extensions.Logging;
using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Embedded.Writing;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded;

/// <summary>
/// The queue of a single node: a SQLite file that is written by one thread with group commit, and an index over it in memory. Claims are in
/// memory only; after a restart everything that was not settled waits again.
/// </summary>
public sealed partial class EmbeddedQueue : IMailQueue
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider time;
    private readonly QueueMetrics metrics;
    private readonly ILogger logger;
    private readonly DataFolder folder;
    private readonly ReadStorePool readers;
    private readonly DeliveryLoader loader;
    private readonly QueueIndex index;
    private readonly StoreHealth health;
    private readonly ContentQuota quota;
    private readonly DiskSpace space;
    private readonly GroupCommitWriter writer;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task watch;

    private EmbeddedQueue(EmbeddedQueueOptions options, TimeProvider time, QueueMetrics metrics, ILogger logger, QueueFiles files)
    {
        this.time = time;
        this.metrics = metrics;
        this.logger = logger;
        folder = files.Folder;
        quota = new ContentQuota(options.MaxContent);
        index = new QueueIndex(options, time, quota);
        Load(files.Store);
        readers = new ReadStorePool(folder.Database);
        loader = new DeliveryLoader(readers);
        space = new DiskSpace(options.MinFree, options.FreeOctets ?? folder.FreeOctets, readers, logger);
        health = new StoreHealth(logger) { Recovered = Rouse };
        writer = new GroupCommitWriter(files.Store, index, health, metrics);
        metrics.Observe(Count);
        watch = WatchAsync(stopping.Token);
    }

    /// <summary>Opens the queue of a folder, making it where it is absent, and reads its index.</summary>
    /// <exception cref="QueueStoreException">Another process has it, it is newer than this program, damaged, or not a queue.</exception>
    public static EmbeddedQueue Open(EmbeddedQueueOptions options, TimeProvider time, QueueMetrics metrics, ILogger<EmbeddedQueue> logger)
    {
        QueueFiles? files = null;
        try
        {
            files = QueueFiles.Open(options);
            var queue = new EmbeddedQueue(options, time, metrics, logger, files);
            var counts = queue.Count();
            logger.Opened(options.Folder, counts.Messages, counts.Ready + counts.Scheduled);
            return queue;
        }
        catch (Exception trouble)
        {
            files?.Dispose();
            if (trouble is StoreFaultException or IOException or UnauthorizedAccessException)
                throw new QueueStoreException($"The queue in {options.Folder} cannot be opened: {trouble.Message}", trouble);
            throw;
        }
    }

    public bool IsAccepting(out EnqueueResult reason)
    {
        if (stopping.IsCancellationRequested)
            reason = EnqueueResult.Unavailable;
        else if (health.IsAccepting(out reason) && (quota.IsExhausted || space.IsExhausted))
            reason = EnqueueResult.Full;
        return reason is EnqueueResult.Stored;
    }

    public async Task<EnqueueResult> EnqueueAsync(NewMessage message, CancellationToken cancellation)
    {
        if (!IsAccepting(out var reason))
            return IsQueued(message.Id) ? EnqueueResult.AlreadyStored : reason;
        if (!space.TryTake(message.Content.Length) || !quota.TryReserve(message.Content.Length))
            return EnqueueResult.Full;
        var result = EnqueueResult.Unavailable;
        try
        {
            var operation = new EnqueueOperation(message);
            // From here on the writer may store it, so only the writer's word counts and cancellation does not.
            if (await writer.TryHandOverAsync(operation, cancellation))
                result = await operation.Completion;
        }
        finally
        {
            if (result is not EnqueueResult.Stored)
                quota.Release(message.Content.Length);
        }
        if (result is EnqueueResult.Stored)
            metrics.Enqueued();
        return result;
    }

    public async Task<IReadOnlyList<LaneKey>> NextLanesAsync(int most, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        while (true)
        {
            ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, this);
            Task change;
            lock (index.Gate)
            {
                if (!health.IsFailing && index.Claimable(most) is { Count: > 0 } lanes)
                    return lanes;
                change = index.WaitForChange();
            }
            await change.WaitAsync(cancellation);
        }
    }

    public ValueTask ReleaseAsync(SessionId session, CancellationToken cancellation)
    {
        lock (index.Gate)
            index.Release(session);
        return ValueTask.CompletedTask;
    }

    public ValueTask PauseLaneAsync(LaneKey lane, TimeSpan pause, CancellationToken cancellation)
    {
        lock (index.Gate)
            index.Pause(lane, pause);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<NodeId>> BeatAsync(NodeId node, CancellationToken cancellation)
    {
        lock (index.Gate)
            return ValueTask.FromResult<IReadOnlyList<NodeId>>(index.Beat(node));
    }

    public async ValueTask<int> ReapAsync(NodeId node, CancellationToken cancellation)
    {
        List<Delivery> back;
        lock (index.Gate)
            back = index.Reap(node);
        var operation = new MarkOperation(back);
        if (back.Count > 0 && await writer.TryHandOverAsync(operation, CancellationToken.None))
            await operation.Completion;
        return back.Count;
    }

    /// <summary>Writes what was handed over, folds the log into the file and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        Rouse();
        await watch;
        await readers.DisposeAsync();
        await writer.StopAsync();
        index.Dispose();
        folder.Dispose();
    }

    private void Load(WriteStore store)
    {
        lock (index.Gate)
        {
            foreach (var row in store.Load())
                index.Load(row);
            quota.Count(index.ContentOctets);
        }
    }

    private bool IsQueued(MessageId id)
    {
        lock (index.Gate)
            return index.Find(id) is not null;
    }

    private void Rouse()
    {
        lock (index.Gate)
            index.Rouse();
    }

    /// <summary>Looks at free space, and asks for a probe while the store cannot be written.</summary>
    private async Task WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(WatchInterval, time);
        try
        {
            do
            {
                await space.MeasureAsync();
                if (health.IsFailing)
                    writer.Probe();
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The queue is being closed.
        }
    }
}
