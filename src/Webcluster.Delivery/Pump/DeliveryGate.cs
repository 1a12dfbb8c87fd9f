namespace Webcluster.Delivery.Pump;

/// <summary>
/// Whether this node delivers: not before it is opened for the first time. Closed, it claims nothing; its sessions finish what is past
/// DATA and give the rest back; it still holds its lease and gives back what dead nodes held. Safe for concurrent use.
/// </summary>
public sealed class DeliveryGate : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _opened = Signal();
    private CancellationTokenSource _closed = new();
    private int _sessions;

    public bool IsOpen
    {
        get { lock (_lock) return _opened.Task.IsCompleted; }
    }

    /// <summary>Sessions that run now, parked ones included.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    public void Close()
    {
        CancellationTokenSource closed;
        lock (_lock)
        {
            if (!_opened.Task.IsCompleted) return;
            _opened = Signal();
            closed = _closed;
        }

        closed.Cancel();
    }

    public void Open()
    {
        lock (_lock)
        {
            if (_opened.Task.IsCompleted) return;
            _closed = new CancellationTokenSource();
            _opened.SetResult();
        }
    }

    public void Dispose() => _closed.Dispose();

    /// <summary>Waits until the gate is open.</summary>
    /// <returns>Signalled when it closes.</returns>
    internal async Task<CancellationToken> OpenedAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task opened;
            lock (_lock)
            {
                if (_opened.Task.IsCompleted) return _closed.Token;
                opened = _opened.Task;
            }

            await opened.WaitAsync(cancellation);
        }
    }

    internal void Enter() => Interlocked.Increment(ref _sessions);

    internal void Leave() => Interlocked.Decrement(ref _sessions);

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
