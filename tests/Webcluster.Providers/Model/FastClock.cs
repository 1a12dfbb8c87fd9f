namespace Webcluster.Providers.Model;

/// <summary>
/// A clock that runs so many times faster than another one: a provider's minute passes in a second at 60. It begins with the true time.
/// </summary>
internal sealed class FastClock(TimeProvider time, double speed) : TimeProvider
{
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly long _beganAt = time.GetTimestamp();

    public double Speed => speed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _began + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, Real(dueTime), Real(period));

    /// <summary>How long that takes by the other clock.</summary>
    public TimeSpan Real(TimeSpan span) => span <= TimeSpan.Zero ? span : span / speed;

    private TimeSpan Elapsed => time.GetElapsedTime(_beganAt) * speed;
}
