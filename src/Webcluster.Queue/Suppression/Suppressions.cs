using Webcluster.Protocol.Addresses;

namespace Webcluster.Queue.Suppression;

/// <summary>
/// The suppression list as all parts of the node use it: by address, whatever form the list keeps addresses in, and with the configured
/// policy. Safe for concurrent use.
/// </summary>
/// <param name="hash">Null: the list keeps addresses in the clear.</param>
public sealed class Suppressions(ISuppressionList list, SuppressionOptions options, AddressHash? hash = null)
{
    /// <summary>A suppressed recipient is to be refused when it is named.</summary>
    public bool RefusesAtRcpt => options.AtRcpt is SuppressionAtRcpt.Refuse;

    /// <summary>Who does not exist is to be put on the list.</summary>
    public bool TakesHardBounces => options.HardBounces;

    /// <summary>Entries of hashes can be matched, so they may be added.</summary>
    public bool KnowsHashes => hash is not null;

    public SuppressionExpiry Expiry => options.Expiry;

    /// <summary>
    /// Must recipients be looked up before an attempt, so long after their mail was accepted? What RCPT has just looked up need not be.
    /// </summary>
    public bool ChecksBeforeAttempt(TimeSpan age) => !RefusesAtRcpt || age >= options.RecheckAfter;

    /// <returns>The entry that keeps this tenant's mail from the address, or null.</returns>
    /// <exception cref="QueueUnavailableException">The store cannot be asked.</exception>
    public async ValueTask<SuppressionEntry?> FindAsync(string tenant, Mailbox recipient, CancellationToken cancellation) =>
        (await FindAsync(tenant, [SuppressedAddress.Of(recipient)], cancellation))[0];

    /// <returns>For each address the entry that keeps this tenant's mail from it, or null.</returns>
    /// <exception cref="QueueUnavailableException">The store cannot be asked.</exception>
    public ValueTask<IReadOnlyList<SuppressionEntry?>> FindAsync(
        string tenant, IReadOnlyList<Mailbox> recipients, CancellationToken cancellation) =>
        FindAsync(tenant, [.. recipients.Select(SuppressedAddress.Of)], cancellation);

    /// <inheritdoc cref="FindAsync(string, IReadOnlyList{Mailbox}, CancellationToken)"/>
    public ValueTask<IReadOnlyList<SuppressionEntry?>> FindAsync(
        string tenant, IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellation) => hash is null
        ? list.FindAsync(tenant, addresses, cancellation)
        : FindHashedAsync(hash, tenant, addresses, cancellation);

    // What was added before there was a secret still counts.
    private async ValueTask<IReadOnlyList<SuppressionEntry?>> FindHashedAsync(
        AddressHash hash, string tenant, IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellation)
    {
        var found = await list.FindAsync(tenant, [.. addresses.Select(hash.Of), .. addresses], cancellation);
        return [.. Enumerable.Range(0, addresses.Count).Select(i => found[i] ?? found[addresses.Count + i])];
    }

    /// <inheritdoc cref="ISuppressionList.AddAsync"/>
    public async Task<SuppressionChanges> AddAsync(IReadOnlyList<SuppressionEntry> entries, CancellationToken cancellation)
    {
        if (hash is null) return await list.AddAsync(entries, cancellation);
        SuppressionKey[] clear = [.. entries.Select(entry => entry.Key).Where(key => !key.Address.IsHash).Distinct()];
        // What was there in the clear and lasts longer is kept.
        if (await FindAsync(clear, cancellation) is { Count: > 0 } older)
            await list.AddAsync([.. older.Select(Hashed)], cancellation);
        var changes = await list.AddAsync([.. entries.Select(Hashed)], cancellation);
        await list.RemoveAsync(clear, cancellation);
        return changes;
    }

    private async Task<IReadOnlyList<SuppressionEntry>> FindAsync(SuppressionKey[] keys, CancellationToken cancellation)
    {
        var found = new List<SuppressionEntry>();
        foreach (var ofTenant in keys.GroupBy(key => key.Tenant, StringComparer.Ordinal))
        {
            var entries = await list.FindAsync(ofTenant.Key, [.. ofTenant.Select(key => key.Address)], cancellation);
            found.AddRange(entries.OfType<SuppressionEntry>().Where(entry => entry.Key.Tenant == ofTenant.Key));
        }
        return found;
    }

    private SuppressionEntry Hashed(SuppressionEntry entry) => entry with { Key = Stored(entry.Key) };

    /// <summary>The form that the store keeps of a key.</summary>
    internal SuppressionKey Stored(SuppressionKey key) => hash is null ? key : key with { Address = hash.Of(key.Address) };

    /// <returns>Whether it was there.</returns>
    /// <exception cref="QueueUnavailableException">It is not known whether it was removed.</exception>
    public async Task<bool> RemoveAsync(SuppressionKey key, CancellationToken cancellation)
    {
        SuppressionKey[] forms = hash is null ? [key] : [Stored(key), key];
        return await list.RemoveAsync(forms, cancellation) > 0;
    }

    /// <inheritdoc cref="ISuppressionList.ListAsync"/>
    public ValueTask<SuppressionPage?> ListAsync(SuppressionQuery query, CancellationToken cancellation) =>
        list.ListAsync(query, cancellation);
}
