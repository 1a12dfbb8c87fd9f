namespace Webcluster.Queue.Traffic;

/// <summary>
/// What may be asked of a provider, from all nodes together; either in all, or from one source. Null: not limited.
/// </summary>
public sealed record TrafficLimits
{
    public static TrafficLimits None { get; } = new();

    /// <summary>Open at once.</summary>
    public int? Connections { get; init; }

    /// <summary>Then the connection is closed.</summary>
    public int? MessagesPerConnection { get; init; }

    /// <summary>Messages that may be begun.</summary>
    public Rate? Messages { get; init; }

    /// <summary>Connections that may be opened.</summary>
    public Rate? ConnectionRate { get; init; }

    /// <summary>Octets of content that may be begun.</summary>
    public Rate? Octets { get; init; }

    /// <summary>Of <see cref="Messages"/>, those that were never attempted before.</summary>
    public Rate? FirstAttempts { get; init; }
}
