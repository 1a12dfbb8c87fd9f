namespace Webcluster.Submission.Sessions;

/// <summary>
/// One deadline that is moved often and met rarely. Moving it later costs a store and no timer: the timer, when it fires too early, sets
/// itself again for what is left. The callback may come a moment after the deadline was moved, so whoever is told asks <see
/// cref="IsMet"/>.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action _met;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _at = long.MaxValue;
    private long _fires = long.MaxValue;

    public Deadline(TimeProvider time, Action met)
    {
        _time = time;
        _met = met;
        _timer = time.CreateTimer(static state => ((Deadline)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsMet
    {
        get { lock (_lock) return _time.GetTimestamp() >= _at; }
    }

    public void Set(TimeSpan fromNow)
    {
        lock (_lock)
        {
            _at = _time.GetTimestamp() + Ticks(fromNow);
            if (_at < _fires) Schedule(fromNow);
        }
    }

    public void Clear()
    {
        lock (_lock) _at = long.MaxValue;
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        lock (_lock)
        {
            _fires = long.MaxValue;
            if (_at == long.MaxValue) return;
            var left = _at - _time.GetTimestamp();
            if (left > 0)
            {
                Schedule(TimeSpan.FromSeconds((double)left / _time.TimestampFrequency));
                return;
            }
        }

        _met();
    }

    private void Schedule(TimeSpan fromNow)
    {
        // A timer counts whole milliseconds; one more, so that it does not fire just before the deadline.
        var after = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(fromNow.TotalMilliseconds, 0)));
        _fires = _time.GetTimestamp() + Ticks(after);
        _timer.Change(after, Timeout.InfiniteTimeSpan);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
