namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// Wakes the one caller that waits for a lane, when something changes for it or when a time has come. Guarded by the index's gate.
/// </summary>
internal sealed class WakeSignal : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly Lock _gate;
    private readonly ITimer _timer;
    private TaskCompletionSource? _waiting;
    private long _due = long.MaxValue;

    public WakeSignal(TimeProvider time, Lock gate)
    {
        _gate = gate;
        _timer = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A task that ends at the next <see cref="Set"/> or at the time, whichever is first.</summary>
    /// <param name="until">UTC ticks.</param>
    public Task Wait(long now, long until)
    {
        _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _due = until;
        _timer.Change(Delay(until - now), Timeout.InfiniteTimeSpan);
        return _waiting.Task;
    }

    public void Set()
    {
        _waiting?.TrySetResult();
        _waiting = null;
    }

    /// <summary>Something will be due at that time: wakes the waiter where that is sooner than it knows.</summary>
    public void Sooner(long at)
    {
        if (at < _due)
            Set();
    }

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        lock (_gate)
            Set();
    }

    /// <summary>Timers count in milliseconds: rounded up, else the waiter would spin through the last one.</summary>
    private static TimeSpan Delay(long ticks)
    {
        var delay = TimeSpan.FromMilliseconds(Math.Ceiling(TimeSpan.FromTicks(Math.Max(0, ticks)).TotalMilliseconds));
        return delay < Longest ? delay : Longest;
    }
}
