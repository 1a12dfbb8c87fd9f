namespace Webcluster.Queue.Redis.Durability;

/// <summary>What a look at the servers found.</summary>
/// <param name="Why">For people.</param>
/// <param name="Generation">The link's, when the look began: with another one it says nothing any more.</param>
internal sealed record DurabilityVerdict(DurabilityState State, string Why, long Generation)
{
    public static DurabilityVerdict None { get; } = new(DurabilityState.Unknown, "not looked at yet", -1);
}
