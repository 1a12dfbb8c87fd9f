using Webcluster.Queue;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Suppression;

namespace Webcluster.TestKit.Suppression;

/// <summary>Soft failures in memory, without a window in time.</summary>
public sealed class NaiveSoftFailures : ISoftFailures
{
    private readonly Dictionary<SuppressionKey, HashSet<MessageId>> _failures = [];

    /// <summary>Nothing can be asked.</summary>
    public bool IsAway { get; set; }

    /// <summary>How often it was asked to forget.</summary>
    public int Forgotten { get; private set; }

    public int CountOf(string address, string tenant)
    {
        if (!SuppressedAddress.TryParse(address, out var parsed)) throw new ArgumentException($"{address} is no address", nameof(address));
        return _failures.TryGetValue(new SuppressionKey(tenant, parsed), out var messages) ? messages.Count : 0;
    }

    public ValueTask<IReadOnlyList<int>> CountAsync(
        IReadOnlyList<SoftFailure> failures, SoftFailureLimit limit, CancellationToken cancellation)
    {
        if (IsAway) throw new QueueUnavailableException("away");
        var counts = new List<int>();
        foreach (var failure in failures)
        {
            if (!_failures.TryGetValue(failure.Key, out var messages)) _failures[failure.Key] = messages = [];
            messages.Add(failure.Message);
            counts.Add(Math.Min(messages.Count, limit.Count));
        }

        return ValueTask.FromResult<IReadOnlyList<int>>(counts);
    }

    public Task ForgetAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation)
    {
        Forgotten++;
        foreach (var key in keys) _failures.Remove(key);
        return Task.CompletedTask;
    }
}
