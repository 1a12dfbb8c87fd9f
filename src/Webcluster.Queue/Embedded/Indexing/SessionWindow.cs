namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// How many sessions a lane may have after trouble of its site. Each failure makes it one narrower than what is open, each session that goes
/// on one wider. It goes with its lane. Times are UTC ticks.
/// </summary>
internal sealed class SessionWindow
{
    /// <summary>Connections that fail together are one outage.</summary>
    private const long Together = 5 * TimeSpan.TicksPerSecond;

    private int _outages;
    private long? _died;

    /// <summary>Null: none.</summary>
    public int? Width { get; private set; }

    public bool IsFull(int sessions) => sessions >= Width;

    /// <summary>A session has done with what it got, and asks for more.</summary>
    /// <returns>Whether the lane may have more sessions now.</returns>
    public bool Widen(int sessions)
    {
        (_outages, _died) = (0, null);
        if (Width is not { } width || width > sessions)
            return false;
        Width = width + 1;
        return true;
    }

    /// <summary>A connection came to nothing.</summary>
    /// <param name="isPaused">Then it is part of the outage that the lane is paused for.</param>
    public LaneTrouble Narrow(int sessions, bool isPaused, long now)
    {
        if (isPaused || (_died is { } died && now - died < Together))
            return new LaneTrouble(1, 0);
        var open = Math.Max(1, sessions);
        var width = Math.Min(Width ?? open, open) - 1;
        Width = Math.Max(1, width);
        if (width > 0)
            return new LaneTrouble(width, 0);
        _died = now;
        return new LaneTrouble(1, ++_outages);
    }
}
