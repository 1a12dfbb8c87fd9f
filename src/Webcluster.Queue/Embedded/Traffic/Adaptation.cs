namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>
/// What a provider's replies made of one source: fewer messages a second, fewer connections, so many messages on each. Rate and connections
/// grow back with whole minutes, and are forgotten when they are far above what they were.
/// </summary>
internal sealed class Adaptation
{
    public const double Minute = 60_000_000;
    private const double Day = 86_400_000_000;
    private const double Moment = 5_000_000;

    /// <summary>What is on its way when a rate falls, and a provider that counts by the minute, are refused for the same cause still.</summary>
    private const double MomentOfRate = 20_000_000;

    private const double LeastRate = 1d / 60;
    private const double LeastMeasured = 10d / 60;

    private AdaptedRate? _rate;
    private AdaptedConnections? _connections;
    private Learned? _carries;

    /// <summary>Messages a second; null: as many as the limits allow.</summary>
    public double? RateAt(double now) => _rate?.At(now);

    public int? ConnectionsAt(double now) => _connections?.At(now);

    public int? MessagesPerConnectionAt(double now) => _carries is { } carries && now - carries.Since < Day ? carries.Messages : null;

    /// <param name="measured">Messages a second, where nothing else is known.</param>
    /// <returns>False where the last one was only a moment ago.</returns>
    public bool TrySlowDown(double factor, double measured, double now)
    {
        if (_rate is { } last && now - last.Since < MomentOfRate)
            return false;
        var before = RateAt(now) ?? Math.Max(LeastMeasured, measured);
        _rate = new AdaptedRate(Math.Max(LeastRate, factor * before), before, now);
        return true;
    }

    /// <returns>False where the last one was only a moment ago.</returns>
    public bool TryFewerConnections(int open, double now)
    {
        if (_connections is { } last && now - last.Since < Moment)
            return false;
        var before = Math.Max(2, open);
        _connections = new AdaptedConnections(before - 1, before, now, AdaptedConnections.WaitAfter(_connections, now));
        return true;
    }

    /// <returns>False where that is known.</returns>
    public bool TryLearn(int messages, double now)
    {
        if (MessagesPerConnectionAt(now) == messages)
            return false;
        _carries = new Learned(messages, now);
        return true;
    }

    private readonly record struct Learned(int Messages, double Since);
}
