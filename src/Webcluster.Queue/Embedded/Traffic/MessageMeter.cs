namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>Counts messages in windows of ten seconds, all of which begin at whole tens.</summary>
internal struct MessageMeter
{
    private const double Window = 10_000_000;
    private double _window;
    private long _present;
    private long _last;

    /// <summary>Messages a second, in the window before the present one.</summary>
    public readonly double At(double now)
    {
        var window = Math.Floor(now / Window);
        if (window == _window)
            return _last / 10d;
        return _window == window - 1 ? _present / 10d : 0;
    }

    public void Count(int messages, double now)
    {
        var window = Math.Floor(now / Window);
        if (window != _window)
            (_last, _present, _window) = (_window == window - 1 ? _present : 0, 0, window);
        _present += messages;
    }
}
