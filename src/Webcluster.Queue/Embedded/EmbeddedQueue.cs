using Microsoft.Extensions.Logging;
using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Embedded.Writing;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded;

/// <summary>
/// The queue of a single node: a SQLite file that is written by one thread with group commit, and an index over it in memory. Claims are in
/// memory only; after a restart everything that was not settled waits again.
/// </summary>
public sealed partial class EmbeddedQueue : IMailQueue, IQueueRules, ITrafficControl, IEventLog, IFeedStore, ISuppressionList, ISoftFailures
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly QueueMetrics _metrics;
    private readonly ILogger _logger;
    private readonly DataFolder _folder;
    private readonly ReadStorePool _readers;
    private readonly DeliveryLoader _loader;
    private readonly QueueIndex _index;
    private readonly StoreHealth _health;
    private readonly ContentQuota _quota;
    private readonly DiskSpace _space;
    private readonly GroupCommitWriter _writer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watch;
    private readonly Task _ruling;
    private readonly EventOptions _events;
    private readonly HeldFeeds _feeds = new();

    private EmbeddedQueue(EmbeddedQueueOptions options, TimeProvider time, QueueMetrics metrics, ILogger logger, QueueFiles files)
    {
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _folder = files.Folder;
        _events = options.Events;
        _quota = new ContentQuota(options.MaxContent);
        _index = new QueueIndex(options, _time, _quota);
        Load(files.Store);
        _readers = new ReadStorePool(_folder.Database);
        _loader = new DeliveryLoader(_readers);
        _space = new DiskSpace(options.MinFree, options.FreeOctets ?? _folder.FreeOctets, _readers, _logger);
        _health = new StoreHealth(_logger) { Recovered = Rouse };
        _writer = new GroupCommitWriter(files.Store, _index, _health, _metrics);
        _metrics.Observe(Count);
        _metrics.Observe(Rules);
        _metrics.ObserveSuppressions(() => Suppressed);
        _watch = WatchAsync(_stopping.Token);
        var rules = new RuleWorker(_index, _readers, _writer, new RuleWorkerReports(_metrics, _logger, _events), _time);
        _ruling = Task.Run(() => rules.RunAsync(_stopping.Token));
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
        if (_stopping.IsCancellationRequested)
            reason = EnqueueResult.Unavailable;
        else if (_health.IsAccepting(out reason) && (_quota.IsExhausted || _space.IsExhausted))
            reason = EnqueueResult.Full;
        return reason is EnqueueResult.Stored;
    }

    public async Task<EnqueueResult> EnqueueAsync(NewMessage message, CancellationToken cancellation)
    {
        if (!IsAccepting(out var reason) && !(message.ReplacesMail && reason is EnqueueResult.Full && _health.IsAccepting(out _)))
            return IsQueued(message.Id) ? EnqueueResult.AlreadyStored : reason;
        if (!TryReserve(message))
            return EnqueueResult.Full;
        var accepted = QueueEvents.Accepted(message, _events.Node);
        var result = EnqueueResult.Unavailable;
        try
        {
            var operation = new EnqueueOperation(message, _events.Most > 0 ? accepted : null);
            // From here on the writer may store it, so only the writer's word counts and cancellation does not.
            if (await _writer.TryHandOverAsync(operation, cancellation))
                result = await operation.Completion;
        }
        finally
        {
            if (result is not EnqueueResult.Stored)
                _quota.Release(message.Content.Length);
        }
        if (result is not EnqueueResult.Stored)
            return result;
        _metrics.Enqueued();
        _events.Tell([accepted]);
        return result;
    }

    /// <summary>What replaces mail is not held to the quota, and has half of the room that is kept for outcomes.</summary>
    private bool TryReserve(NewMessage message)
    {
        if (!_space.TryTake(message.Content.Length, message.ReplacesMail))
            return false;
        if (!message.ReplacesMail)
            return _quota.TryReserve(message.Content.Length);
        _quota.Count(message.Content.Length);
        return true;
    }

    public async Task<IReadOnlyList<LaneKey>> NextLanesAsync(
        int most, IReadOnlyCollection<string> without, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        while (true)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            Task change;
            lock (_index.Gate)
            {
                _index.Without(without);
                if (!_health.IsFailing && _index.Claimable(most) is { Count: > 0 } lanes)
                    return lanes;
                change = _index.WaitForChange();
            }
            await change.WaitAsync(cancellation);
        }
    }

    public ValueTask ReleaseAsync(SessionId session, CancellationToken cancellation)
    {
        lock (_index.Gate)
            _index.Release(session);
        return ValueTask.CompletedTask;
    }

    public ValueTask<LaneTrouble> TroubledAsync(LaneKey lane, CancellationToken cancellation)
    {
        lock (_index.Gate)
            return ValueTask.FromResult(_index.Troubled(lane));
    }

    public ValueTask PauseLaneAsync(LaneKey lane, TimeSpan pause, CancellationToken cancellation)
    {
        lock (_index.Gate)
            _index.Pause(lane, pause);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<NodeId>> BeatAsync(NodeId node, CancellationToken cancellation)
    {
        lock (_index.Gate)
            return ValueTask.FromResult<IReadOnlyList<NodeId>>(_index.Beat(node));
    }

    /// <summary>The queue's own watch does it.</summary>
    public ValueTask TendAsync(NodeId node, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask LeaveAsync(NodeId node, CancellationToken cancellation)
    {
        lock (_index.Gate)
            _index.Leave(node);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<int> ReapAsync(NodeId node, CancellationToken cancellation)
    {
        List<Delivery> back;
        lock (_index.Gate)
            back = _index.Reap(node);
        var operation = new MarkOperation(back);
        if (back.Count > 0 && await _writer.TryHandOverAsync(operation, CancellationToken.None))
            await operation.Completion;
        return back.Count;
    }

    /// <summary>Writes what was handed over, folds the log into the file and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        Rouse();
        await _watch;
        await _ruling;
        await _readers.DisposeAsync();
        await _writer.StopAsync();
        _index.Dispose();
        _folder.Dispose();
    }

    private void Load(WriteStore store)
    {
        _suppressed = store.Suppressions.Count();
        lock (_index.Gate)
        {
            // Rules first: what they hold is set aside as it is loaded, and those that have ended hold nothing.
            foreach (var rule in store.Rules.Load())
                _index.AddRule(new ActiveRule(rule), walk: false);
            _index.CatchUp();
            foreach (var row in store.Load())
                _index.Load(row);
            foreach (var row in store.Traffic.Load(_index.LearnedSince))
                _index.Load(row);
            _quota.Count(_index.ContentOctets);
        }
    }

    /// <exception cref="QueueUnavailableException">The file cannot be read.</exception>
    private async ValueTask<T> ReadFileAsync<T>(Func<ReadStore, T> read, CancellationToken cancellation)
    {
        try
        {
            return await _readers.ReadAsync(read, cancellation);
        }
        catch (StoreFaultException fault)
        {
            _metrics.StoreFailed(fault.Kind);
            throw new QueueUnavailableException($"the queue's file cannot be read: {fault.Message}", fault);
        }
    }

    private bool IsQueued(MessageId id)
    {
        lock (_index.Gate)
            return _index.Find(id) is not null;
    }

    private void CatchUp()
    {
        lock (_index.Gate)
            _index.CatchUp();
    }

    private void Rouse()
    {
        lock (_index.Gate)
            _index.Rouse();
    }

    /// <summary>Looks at free space, ends rules and suppressions whose time has come, and asks for a probe while the store cannot be
    /// written.</summary>
    private async Task WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(WatchInterval, _time);
        try
        {
            do
            {
                await _space.MeasureAsync();
                CatchUp();
                await TrimEventsAsync();
                if (_health.IsFailing)
                    _writer.Probe();
                else
                    await SweepSuppressionsAsync();
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The queue is being closed.
        }
    }
}
