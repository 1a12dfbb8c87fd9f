namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// Wakes the one caller that waits for a lane, when something changes for it or when a time has come. Guarded by the index's gate.
/// </summary>
internal sealed class WakeSignal : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly Lock gate;
    private readonly ITimer timer;
    private TaskCompletionSource? waiting;
    private long due = long.MaxValue;

    public WakeSignal(TimeProvider time, Lock gate)
    {
        this.gate = gate;
        timer = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A task that ends at the next <see cref="Set"/> or at the time, whichever is first.</summary>
    /// <param name="until">UTC ticks.</param>
    public Task Wait(long now, long until)
    {
        waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        due = until;
        timer.Change(Delay(until - now), Timeout.InfiniteTimeSpan);
        return waiting.Task;
    }

    public void Set()
    {
        waiting?.TrySetResult();
        waiting = null;
    }

    /// <summary>Something will be due at that time: wakes the waiter where that is sooner than it knows.</summary>
    public void Sooner(long at)
    {
        if (at < due)
            Set();
    }

    public void Dispose() => timer.Dispose();

    private void Ring()
    {
        lock (gate)
            Set();
    }

    /// <summary>Timers count in milliseconds: rounded up, else the waiter would spin through the last one.</summary>
    private static TimeSpan Delay(long ticks)
    {
        var delay = TimeSpan.FromMilliseconds(Math.Ceiling(TimeSpan.FromTicks(Math.Max(0, ticks)).TotalMilliseconds));
        return delay < Longest ? delay : Longest;
    }
}
