namespace Webcluster.TestKit;

/// <summary>
/// A clock that stands still until it is advanced. Timers fire inside <see cref="Advance"/>, in order, each at its own time.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public DateTimeOffset Now => GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        lock (gate)
            now = end;
    }

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (gate)
        {
            var next = timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next?.Due is not { } due)
                return null;
            now = due > now ? due : now;
            if (next.Period > TimeSpan.Zero)
                next.Due = due + next.Period;
            else
                timers.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, Action callback) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = clock.now + dueTime;
                clock.timers.Add(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
