namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// How many sessions a lane may have after trouble of its site. Each failure makes it one narrower than what is open, each session that goes
/// on one wider; ten minutes after the last failure it is forgotten. Times are UTC ticks.
/// </summary>
internal sealed class SessionWindow
{
    private const long Kept = 10 * TimeSpan.TicksPerMinute;

    /// <summary>Connections that fail together are one outage.</summary>
    private const long Together = 5 * TimeSpan.TicksPerSecond;

    private int? _width;
    private long _since;
    private int _outages;
    private long? _died;

    /// <returns>Null: none.</returns>
    public int? WidthAt(long now) => now - _since < Kept ? _width : null;

    public bool IsFull(int sessions, long now) => WidthAt(now) is { } width && sessions >= width;

    /// <summary>A session has done with what it got, and asks for more.</summary>
    public void Widen(int sessions, long now)
    {
        (_outages, _died) = (0, null);
        if (WidthAt(now) is { } width && width <= sessions)
            _width = width + 1;
    }

    /// <summary>A connection came to nothing.</summary>
    /// <param name="isPaused">Then it is part of the outage that the lane is paused for.</param>
    public LaneTrouble Narrow(int sessions, bool isPaused, long now)
    {
        if (isPaused || (_died is { } died && now - died < Together))
            return new LaneTrouble(1, 0);
        var open = Math.Max(1, sessions);
        var width = Math.Min(WidthAt(now) ?? open, open) - 1;
        (_width, _since) = (Math.Max(1, width), now);
        if (width > 0)
            return new LaneTrouble(width, 0);
        _died = now;
        return new LaneTrouble(1, ++_outages);
    }
}
