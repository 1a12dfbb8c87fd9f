using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>
/// How a bucket fills. All numbers of traffic are doubles, as they are in the scripts of the shared queue, so that both count alike.
/// </summary>
/// <param name="Interval">Microseconds for one.</param>
/// <param name="Burst">What a full bucket has.</param>
internal readonly record struct Pace(double Interval, double Burst)
{
    public static Pace Of(Rate rate) => new(rate.Interval, rate.Burst);

    /// <param name="messages">A second.</param>
    public static Pace Of(double messages) => new(1_000_000 / messages, Math.Max(1, Math.Ceiling(messages / 10)));
}
