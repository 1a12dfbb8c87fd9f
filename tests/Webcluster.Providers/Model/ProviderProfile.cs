using Webcluster.Queue.Traffic;

namespace Webcluster.Providers.Model;

/// <summary>How a provider behaves towards one source. All times are the provider's own.</summary>
internal sealed record ProviderProfile
{
    public required string Name { get; init; }

    /// <summary>Domains whose mail it takes.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>Its MX hosts, in the order of preference.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>So many of the first hosts do not answer.</summary>
    public int DeadHosts { get; init; }

    /// <summary>What it takes from one source; null in it: as much as comes.</summary>
    public required TrafficLimits Limits { get; init; }

    /// <summary>Null: it forgets at once.</summary>
    public ReputationRules? Reputation { get; init; }

    /// <summary>How long a pair of sender and recipient that was never seen has to wait; null: no greylisting.</summary>
    public TimeSpan? Greylisting { get; init; }

    /// <summary>How long it takes to answer the final dot.</summary>
    public TimeSpan Slowness { get; init; }

    /// <summary>Offers STARTTLS.</summary>
    public bool OffersTls { get; init; } = true;

    /// <summary>Must hold every kind that the profile can lead to.</summary>
    public required IReadOnlyDictionary<RefusalKind, ProviderReply> Replies { get; init; }

    /// <summary>Messages a minute from one source that follow all limits; null: no limit.</summary>
    public double? BestRate
    {
        get
        {
            double?[] bounds =
            [
                PerMinute(Limits.Messages),
                PerMinute(Limits.ConnectionRate) * Limits.MessagesPerConnection,
                Slowness > TimeSpan.Zero ? Limits.Connections / Slowness.TotalMinutes : null,
            ];
            return bounds.Min();
        }
    }

    private static double? PerMinute(Rate? rate) => rate is { } known ? known.Amount / known.Per.TotalMinutes : null;
}

/// <summary>What ignoring the limits costs. A source begins with <see cref="Full"/> points and cannot have more.</summary>
/// <param name="Cost">Points for each refused attempt.</param>
/// <param name="MostPerMinute">No more than these points are lost in a minute: a burst is forgiven, persistence is not.</param>
/// <param name="RecoversPerMinute">Points that come back.</param>
/// <param name="Block">How long a source without points is shut out; each further time twice as long.</param>
internal sealed record ReputationRules(double Cost, double MostPerMinute, double RecoversPerMinute, TimeSpan Block)
{
    public const double Full = 100;

    /// <summary>Blocks grow no longer than this.</summary>
    public static readonly TimeSpan LongestBlock = TimeSpan.FromHours(24);
}
