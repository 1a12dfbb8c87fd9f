using Webcluster.Queue;
using Webcluster.Queue.Suppression;

namespace Webcluster.TestKit.Suppression;

/// <summary>A suppression list in memory, without expiry, that counts how often it is asked.</summary>
public sealed class NaiveSuppressionList : ISuppressionList
{
    private readonly Dictionary<SuppressionKey, SuppressionEntry> _entries = [];

    /// <summary>Nothing can be asked.</summary>
    public bool IsAway { get; set; }

    /// <summary>Remembers nothing of what it is asked.</summary>
    public bool Forgets { get; set; }

    /// <summary>What was asked, a list for each call.</summary>
    public List<IReadOnlyList<string>> Asked { get; } = [];

    public IReadOnlyCollection<SuppressionEntry> Entries => _entries.Values;

    /// <param name="tenant">"": global.</param>
    public void Add(string address, string tenant = "", SuppressionReason reason = SuppressionReason.HardBounce)
    {
        if (!SuppressedAddress.TryParse(address, out var parsed)) throw new ArgumentException($"{address} is no address", nameof(address));
        var key = new SuppressionKey(tenant, parsed);
        _entries[key] = new SuppressionEntry(key, reason, DateTimeOffset.UnixEpoch.AddDays(20_000));
    }

    public ValueTask<IReadOnlyList<SuppressionEntry?>> FindAsync(
        string tenant, IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellation)
    {
        if (IsAway) throw new QueueUnavailableException("away");
        if (!Forgets) Asked.Add([.. addresses.Select(address => address.ToString())]);
        var found = new SuppressionEntry?[addresses.Count];
        for (var index = 0; index < found.Length; index++)
            found[index] = _entries.GetValueOrDefault(new SuppressionKey(tenant, addresses[index]))
                ?? _entries.GetValueOrDefault(new SuppressionKey(SuppressionKey.Everybody, addresses[index]));
        return ValueTask.FromResult<IReadOnlyList<SuppressionEntry?>>(found);
    }

    public Task<SuppressionChanges> AddAsync(IReadOnlyList<SuppressionEntry> entries, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (entries.SelectMany(entry => entry.Problems()).FirstOrDefault() is { Field: not null } problem)
            throw new ArgumentException($"{problem.Field} {problem.Problem}", nameof(entries));
        foreach (var entry in entries) _entries[entry.Key] = entry;
        return Task.FromResult(new SuppressionChanges(entries.Count, 0, 0));
    }

    public Task<int> RemoveAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation) =>
        Task.FromResult(keys.Count(_entries.Remove));

    public ValueTask<SuppressionPage?> ListAsync(SuppressionQuery query, CancellationToken cancellation) =>
        ValueTask.FromResult<SuppressionPage?>(new SuppressionPage([.. _entries.Values], null));
}
