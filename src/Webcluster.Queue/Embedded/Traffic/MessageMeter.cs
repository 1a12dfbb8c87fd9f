namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>Counts messages in minutes of the clock.</summary>
internal struct MessageMeter
{
    private const double Window = 60_000_000;
    private double _window;
    private long _present;
    private long _last;

    /// <summary>Messages a second in the last 60 s, as if those of the minute before had come evenly.</summary>
    public readonly double At(double now)
    {
        var window = Math.Floor(now / Window);
        var present = _window == window ? _present : 0;
        var last = _window == window ? _last : _window == window - 1 ? _present : 0;
        return (present + last * (1 - (now - window * Window) / Window)) / 60;
    }

    public void Count(int messages, double now)
    {
        var window = Math.Floor(now / Window);
        if (window != _window)
            (_last, _present, _window) = (_window == window - 1 ? _present : 0, 0, window);
        _present += messages;
    }
}
