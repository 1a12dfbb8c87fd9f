namespace Webcluster.Queue.Traffic;

/// <summary>One egress identity that a node can use for a lane's pool.</summary>
/// <param name="Source">Its name; "" is the system's choice of address, where no sources are configured.</param>
/// <param name="Weight">Its share among the pool's sources, at least 1.</param>
/// <param name="Limits">What the provider may get from this source.</param>
/// <param name="Warmup">Null: it is warm.</param>
public sealed record SourceOffer(string Source, int Weight, TrafficLimits Limits, WarmupPlan? Warmup = null)
{
    public static SourceOffer Default { get; } = new("", 1, TrafficLimits.None);
}

/// <summary>What a claim may use of its provider: decided by configuration, the same on all nodes, and held exactly by the store.</summary>
/// <param name="Sources">Those of the lane's pool that the node can use.</param>
/// <param name="Limits">What the provider may get from all sources together. Where it limits no connections, or no messages on one, those of
/// <see cref="Lanes.SiteLimits"/> hold.</param>
public sealed record TrafficOffer(IReadOnlyList<SourceOffer> Sources, TrafficLimits Limits)
{
    public static TrafficOffer Unlimited { get; } = new([SourceOffer.Default], TrafficLimits.None);
}

/// <summary>What a new source may send to one provider on each UTC day. The step it is on, and what of the day is used, are in the
/// store.</summary>
/// <param name="Name">The plan's name.</param>
/// <param name="Budgets">Messages, by step; the last one ends the plan: after it the source is warm. Never empty.</param>
public sealed record WarmupPlan(string Name, IReadOnlyList<int> Budgets)
{
    internal void ThrowIfNoStep(int? step)
    {
        if (step < 1 || step > Budgets.Count)
            throw new ArgumentOutOfRangeException(nameof(step), step, $"The plan {Name} has steps 1 to {Budgets.Count}.");
    }
}
