using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Tests.Redis;

internal sealed partial class DifferentialRun
{
    private static readonly WarmupPlan Slowly = new("slowly", [3, 6, 12]);

    private static readonly SourceOffer[] Sources =
    [
        new("a", 3, new TrafficLimits { Connections = 2, Messages = Rate.Parse("2/s,burst=3") }),
        new("b", 1, new TrafficLimits { Octets = Rate.Parse("200/s"), MessagesPerConnection = 4 }),
        new("c", 1, TrafficLimits.None, Slowly),
    ];

    private static readonly TrafficOffer[] Offers =
    [
        TrafficOffer.Unlimited,
        new([SourceOffer.Default], new TrafficLimits { Connections = 2, Messages = Rate.Parse("20/min,burst=4"), MessagesPerConnection = 5 }),
        new(Sources, TrafficLimits.None),
        new(Sources, new TrafficLimits { ConnectionRate = Rate.Parse("30/min,burst=2"), FirstAttempts = Rate.Parse("1/s,burst=3") }),
        new([Sources[1]], new TrafficLimits { Connections = 3 }),
        new([new("d", 2, TrafficLimits.None), new("e", 1, TrafficLimits.None)], TrafficLimits.None),
        new([new("d", 2, TrafficLimits.None)], TrafficLimits.None),
        new([new("e", 1, TrafficLimits.None)], TrafficLimits.None),
        new([], TrafficLimits.None),
    ];

    private async Task AdjustAsync()
    {
        Adjustment adjustment = _random.Next(4) switch
        {
            0 => new Adjustment.SlowDown(_random.Next(1, 10) / 10.0),
            1 => new Adjustment.FewerConnections(),
            2 => new Adjustment.MessagesPerConnection(_random.Next(1, 5)),
            _ => new Adjustment.Suspend(TimeSpan.FromSeconds(_random.Next(20))),
        };
        var (provider, source) = (Pick(Lanes).Provider, Pick(["", "a", "b", "c", "d"]));
        // How fast the system's choice of address was is forgotten with its last session in one queue, and later in the other; replies come
        // while there is one.
        if (source == "" && !(await ((ITrafficControl)_embedded).TrafficAsync(provider, CancellationToken.None)).Any(IsOpen))
            source = "a";
        Same(
            await ((ITrafficControl)_embedded).AdjustAsync(provider, source, adjustment, "421 4.7.0 slow down", CancellationToken.None),
            await ((ITrafficControl)_redis).AdjustAsync(provider, source, adjustment, "421 4.7.0 slow down", CancellationToken.None));
        await TrafficAsync(provider);
    }

    private static bool IsOpen(TrafficStatus status) => status is { Source: "", Connections: > 0 };

    private async Task TrafficAsync(string provider) => Same(
        await ((ITrafficControl)_embedded).TrafficAsync(provider, CancellationToken.None),
        await ((ITrafficControl)_redis).TrafficAsync(provider, CancellationToken.None));
}
