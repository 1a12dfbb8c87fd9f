namespace Webcluster.Queue.Traffic;

/// <summary>What a provider's reply asks of one source. It acts on what the store knows of (provider, source), for all nodes at
/// once.</summary>
public abstract record Adjustment
{
    /// <summary>What a complaint weighs in a warm-up, in refusals.</summary>
    public const int RefusalsOfAComplaint = 20;

    /// <summary>Fewer messages in the same time: the rate, or where none is set the measured one, is multiplied. Recovers by
    /// itself.</summary>
    public sealed record SlowDown(double Factor = 0.5) : Adjustment;

    /// <summary>One connection fewer than there are now, at least one. Recovers by itself.</summary>
    public sealed record FewerConnections : Adjustment;

    /// <summary>The provider takes so many messages on a connection. Learned; tried again a day later.</summary>
    public sealed record MessagesPerConnection(int Messages) : Adjustment;

    /// <summary>
    /// A recipient called its mail spam. It changes no limit, but weighs on the warm-up as twenty refusals do: with more than 0.25 % of the
    /// day's messages the step stays, with more than 0.5 % it goes back (Google and Yahoo want less than 0.3 %).
    /// </summary>
    public sealed record Complaint : Adjustment;

    /// <summary>Nothing at all for a while.</summary>
    public sealed record Suspend(TimeSpan For) : Adjustment;
}
