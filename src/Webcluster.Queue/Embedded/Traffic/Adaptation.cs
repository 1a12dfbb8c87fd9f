namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>
/// What a provider's replies made of one source: fewer messages a second, fewer connections, so many messages on each. Rate and connections
/// grow back with each whole minute, and are forgotten at twice of what they were.
/// </summary>
internal sealed class Adaptation
{
    private const double Minute = 60_000_000;
    private const double Day = 86_400_000_000;
    private const double Moment = 5_000_000;
    private const double LeastRate = 1d / 60;

    private Lowered? _rate;
    private Lowered? _connections;
    private Learned? _carries;

    /// <summary>Messages a second; null: as many as the limits allow.</summary>
    public double? RateAt(double now) => _rate is { } rate ? rate.At(now, rate.Before / 10) : null;

    public int? ConnectionsAt(double now) => (int?)_connections?.At(now, 1);

    public int? MessagesPerConnectionAt(double now) => _carries is { } carries && now - carries.Since < Day ? carries.Messages : null;

    /// <param name="measured">Messages a second, where nothing else is known.</param>
    /// <returns>False where the last one was only a moment ago.</returns>
    public bool TrySlowDown(double factor, double measured, double now)
    {
        if (_rate is { } last && now - last.Since < Moment)
            return false;
        var before = Math.Max(LeastRate, RateAt(now) ?? measured);
        _rate = new Lowered(Math.Max(LeastRate, factor * before), before, now);
        return true;
    }

    /// <returns>False where the last one was only a moment ago.</returns>
    public bool TryFewerConnections(int open, double now)
    {
        if (_connections is { } last && now - last.Since < Moment)
            return false;
        var before = Math.Max(1, open);
        _connections = new Lowered(Math.Max(1, before - 1), before, now);
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

    private readonly record struct Lowered(double To, double Before, double Since)
    {
        public double? At(double now, double aMinute)
        {
            var present = To + Math.Floor((now - Since) / Minute) * aMinute;
            return present < 2 * Before ? present : null;
        }
    }

    private readonly record struct Learned(int Messages, double Since);
}
