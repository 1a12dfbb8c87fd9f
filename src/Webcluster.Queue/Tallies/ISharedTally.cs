namespace Webcluster.Queue.Tallies;

/// <summary>
/// Counts what happens at any node where all nodes meet, for a minute: what one may do so often, it may do so often in all. Lost with the
/// store without harm. Safe for concurrent use.
/// </summary>
public interface ISharedTally
{
    /// <summary>Counts one more of what goes by a name, in a minute that begins with the first of them.</summary>
    /// <returns>How many there are, this one included; null where that cannot be known at present.</returns>
    ValueTask<int?> CountAsync(string name, CancellationToken cancellation);
}
