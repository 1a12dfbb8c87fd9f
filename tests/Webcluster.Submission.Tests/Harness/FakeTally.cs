using System.Collections.Concurrent;
using Webcluster.Queue.Tallies;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>Where servers of a test count together.</summary>
public sealed class FakeTally : ISharedTally
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    public bool IsAway { get; set; }

    /// <summary>What was counted, and how often.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    public ValueTask<int?> CountAsync(string name, CancellationToken cancellation) =>
        new(IsAway ? null : _counts.AddOrUpdate(name, 1, (_, count) => count + 1));
}
