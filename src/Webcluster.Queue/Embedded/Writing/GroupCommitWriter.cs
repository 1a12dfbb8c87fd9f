using System.Threading.Channels;
using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>
/// The one thread that writes. What queued up during a commit is the next group: one transaction, one sync, no added delay. The index
/// follows before the callers are told. A group that fails is taken back whole and its operations are tried one by one, so each caller
/// hears its own truth.
/// </summary>
internal sealed class GroupCommitWriter
{
    private const int MostWaiting = 1024;
    private const int MostOperations = 256;
    private const long MostOctets = 8 * 1024 * 1024;

    private readonly Channel<WriteOperation> _waiting = Channel.CreateBounded<WriteOperation>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly WriteStore _store;
    private readonly QueueIndex _index;
    private readonly StoreHealth _health;
    private readonly QueueMetrics _metrics;
    private readonly WriteBatch _batch;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GroupCommitWriter(WriteStore store, QueueIndex index, StoreHealth health, QueueMetrics metrics)
    {
        _store = store;
        _index = index;
        _health = health;
        _metrics = metrics;
        _batch = new WriteBatch(_store, _index);
        new Thread(Run) { Name = "queue-writer", IsBackground = true }.Start();
    }

    /// <summary>Hands an operation over; waits while too many wait already. Cancellation counts only until it is handed over.</summary>
    /// <returns>False where the writer has been stopped.</returns>
    public async ValueTask<bool> TryHandOverAsync(WriteOperation operation, CancellationToken cancellation)
    {
        do
        {
            if (_waiting.Writer.TryWrite(operation))
                return true;
        }
        while (await _waiting.Writer.WaitToWriteAsync(cancellation));
        return false;
    }

    /// <summary>Asks for a probe, where there is room for it.</summary>
    public void Probe() => _waiting.Writer.TryWrite(new ProbeOperation());

    /// <summary>Writes what waits, then closes the store.</summary>
    public Task StopAsync()
    {
        _waiting.Writer.TryComplete();
        return _stopped.Task;
    }

    private void Run()
    {
        var group = new List<WriteOperation>(MostOperations);
        while (WaitForWork())
        {
            Fill(group);
            if (!TryCommit(group) && group.Count > 1)
                CommitSingly(group);
            group.Clear();
        }
        if (HasChangedTraffic())
            TryCommit(group);
        _store.Dispose();
        _stopped.SetResult();
    }

    private bool HasChangedTraffic()
    {
        lock (_index.Gate)
            return _index.HasChangedTraffic;
    }

    private bool WaitForWork()
    {
        var more = _waiting.Reader.WaitToReadAsync();
#pragma warning disable VSTHRD002 // This thread is the writer's own and nothing that completes the wait needs it.
        return more.IsCompletedSuccessfully ? more.Result : more.AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    private void Fill(List<WriteOperation> group)
    {
        long octets = 0;
        while (group.Count < MostOperations && octets < MostOctets && _waiting.Reader.TryRead(out var operation))
        {
            group.Add(operation);
            octets += operation.Octets;
        }
    }

    /// <returns>False where nothing was stored; a caller has been told so only where it was alone.</returns>
    private bool TryCommit(List<WriteOperation> group)
    {
        var began = QueueMetrics.StartCommit();
        try
        {
            Store(group);
        }
        catch (StoreFaultException fault)
        {
            _batch.Rollback();
            _metrics.StoreFailed(fault.Kind);
            if (fault.Kind is StoreFaultKind.Full)
                _store.FoldLog();
            if (group.Count == 1)
                Fail(group[0], fault);
            return false;
        }
        _metrics.Committed(began, group.Count);
        lock (_index.Gate)
            foreach (var operation in group)
                operation.Apply(_index);
        _health.Succeeded();
        foreach (var operation in group)
            operation.Succeed();
        return true;
    }

    /// <summary>Mail is not tried once it is known that nothing can be written: its senders want a quick answer.</summary>
    private void CommitSingly(List<WriteOperation> group)
    {
        foreach (var operation in group)
            if (!operation.ShowsFailure && !_health.IsAccepting(out var why))
                operation.Fail(why);
            else
                TryCommit([operation]);
    }

    private void Store(List<WriteOperation> group)
    {
        _batch.Begin();
        foreach (var operation in group)
            operation.Write(_batch);
        _batch.Commit();
    }

    /// <summary>A message that does not fit says little about the store; an outcome that cannot be stored says all.</summary>
    private void Fail(WriteOperation operation, StoreFaultException fault)
    {
        if (operation.ShowsFailure)
            _health.Failed(fault);
        else
            TryCommit([new ProbeOperation()]);
        operation.Fail(fault.Result);
    }
}
