using System.Buffers.Text;
using System.Text;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Embedded.Writing;
using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Embedded;

public sealed partial class EmbeddedQueue
{
    // In the order of addresses neighbours share pages, so that a group writes few of them; and mail waits for one such group at most.
    private const int SuppressedAtATime = 1000;
    private const int SuppressionsSwept = 500;
    private const int OctetsPerSuppression = 256;
    private const int MostLooks = 32;

    /// <summary>Rows. While there are none nothing is looked up.</summary>
    private long _suppressed;

    internal long Suppressed => Interlocked.Read(ref _suppressed);

    private long Seconds => _time.GetUtcNow().ToUnixTimeSeconds();

    ValueTask<IReadOnlyList<SuppressionEntry?>> ISuppressionList.FindAsync(
        string tenant, IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellation) => Suppressed == 0
        ? ValueTask.FromResult<IReadOnlyList<SuppressionEntry?>>(new SuppressionEntry?[addresses.Count])
        : LookUpAsync(tenant, addresses, cancellation);

    private async ValueTask<IReadOnlyList<SuppressionEntry?>> LookUpAsync(
        string tenant, IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellation)
    {
        var seconds = Seconds;
        return await LookAsync(
            list => addresses.Select(address => list.Find(new SuppressionKey(tenant, address), seconds)).ToList(), cancellation);
    }

    async Task<SuppressionChanges> ISuppressionList.AddAsync(IReadOnlyList<SuppressionEntry> entries, CancellationToken cancellation)
    {
        foreach (var entry in entries)
            if (entry.Problems().FirstOrDefault() is { Field: not null } problem)
                throw new ArgumentException($"{problem.Field} {problem.Problem}", nameof(entries));
        if (!_space.TryTake(entries.Count * OctetsPerSuppression))
            throw new QueueUnavailableException("the disk of the queue is full");
        var changes = default(SuppressionChanges);
        foreach (var some in entries.OrderBy(entry => entry.Key.Address.ToString(), StringComparer.Ordinal).Chunk(SuppressedAtATime))
        {
            var operation = new SuppressOperation(some, Seconds);
            await WriteAsync(operation, cancellation);
            changes += operation.Changes;
        }
        _metrics.SuppressionsChanged(changes);
        return changes;
    }

    async Task<int> ISuppressionList.RemoveAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var some in keys.Chunk(SuppressedAtATime))
        {
            var operation = new UnsuppressOperation(some, Seconds);
            await WriteAsync(operation, cancellation);
            removed += operation.Removed;
        }
        _metrics.SuppressionsRemoved(removed);
        return removed;
    }

    async ValueTask<SuppressionPage?> ISuppressionList.ListAsync(SuppressionQuery query, CancellationToken cancellation)
    {
        if (!TryReadCursor(query.Cursor, out var at))
            return null;
        var page = new List<SuppressionEntry>();
        for (var looks = 0; looks < MostLooks && page.Count < query.Most; looks++)
        {
            var (after, seconds) = (at, Seconds);
            var rows = await LookAsync(list => list.Next(after, SuppressionQuery.MostOnPage, seconds), cancellation);
            foreach (var (key, entry) in rows)
            {
                if (page.Count == query.Most)
                    return new SuppressionPage(page, Cursor(at));
                if (entry is not null && query.Wants(entry))
                    page.Add(entry);
                at = key;
            }
            if (rows.Count < SuppressionQuery.MostOnPage)
                return new SuppressionPage(page, null);
        }
        return new SuppressionPage(page, Cursor(at));
    }

    /// <summary>Removes some of what has expired, so that mail waits for a short while at most.</summary>
    internal async Task SweepSuppressionsAsync()
    {
        var seconds = Seconds;
        try
        {
            if (Suppressed == 0 || !await LookAsync(list => list.HasExpired(seconds), _stopping.Token))
                return;
            var operation = new SweepOperation(seconds, SuppressionsSwept);
            await WriteAsync(operation, CancellationToken.None);
            _metrics.SuppressionsExpired(-operation.Growth);
        }
        catch (QueueUnavailableException)
        {
            // They count as absent, and go when the file can be written.
        }
    }

    private ValueTask<T> LookAsync<T>(Func<SuppressionReader, T> look, CancellationToken cancellation) =>
        ReadFileAsync(store => look(store.Suppressions), cancellation);

    private async Task WriteAsync(SuppressionOperation operation, CancellationToken cancellation)
    {
        if (_health.IsFailing || !await _writer.TryHandOverAsync(operation, cancellation) || !await operation.Completion)
            throw new QueueUnavailableException("the queue's file cannot be written");
        Interlocked.Add(ref _suppressed, operation.Growth);
    }

    private static string Cursor(SuppressionKey at) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{at.Tenant} {at.Address}"));

    /// <returns>False where it is none of ours.</returns>
    private static bool TryReadCursor(string? cursor, out SuppressionKey at)
    {
        at = new SuppressionKey("", default);
        if (cursor is null)
            return true;
        if (!Base64Url.IsValid(cursor))
            return false;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ', 2);
        if (parts.Length != 2 || !SuppressedAddress.TryParse(parts[1], out var address))
            return false;
        at = new SuppressionKey(parts[0], address);
        return true;
    }
}
