namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>Counts messages in windows of ten seconds, all of which begin at whole tens.</summary>
internal struct MessageMeter
{
    private const double Window = 10_000_000;
    private double _window;
    private long _present;
    private long _last;

    /// <summary>Messages a second, in the window before the present one; where that had none, in the present one, of which a second counts
    /// as begun.</summary>
    public readonly double At(double now)
    {
        var window = Math.Floor(now / Window);
        var last = _window == window ? _last : _window == window - 1 ? _present : 0;
        if (last > 0)
            return last / 10d;
        return _window == window ? _present / Math.Max(1, (now - window * Window) / 1_000_000) : 0;
    }

    public void Count(int messages, double now)
    {
        var window = Math.Floor(now / Window);
        if (window != _window)
            (_last, _present, _window) = (_window == window - 1 ? _present : 0, 0, window);
        _present += messages;
    }
}
