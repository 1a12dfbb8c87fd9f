using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Adds entries to the suppression list, or lets them take the place of others.</summary>
/// <param name="seconds">The time, since 1970.</param>
internal sealed class SuppressOperation(IReadOnlyList<SuppressionEntry> entries, long seconds) : SuppressionOperation
{
    private const int OctetsPerEntry = 128;

    public SuppressionChanges Changes { get; private set; }

    public override long Octets => (long)entries.Count * OctetsPerEntry;

    public override void Write(WriteBatch batch)
    {
        var store = batch.Store.Suppressions;
        var (added, changed) = (0, 0);
        Growth = 0;
        foreach (var entry in entries)
        {
            var (older, newer) = (store.Find(entry.Key), SuppressionCodec.Encode(entry));
            if (older.Length == 0) Growth++;
            if (older.Length == 0 || SuppressionCodec.EndsAt(older) is > 0 and var ends && ends <= seconds)
                added++;
            else if (!older.AsSpan().SequenceEqual(newer) && SuppressionCodec.Replaces(newer, older))
                changed++;
            else
                continue;
            store.Save(entry.Key, newer);
        }
        Changes = new SuppressionChanges(added, changed, entries.Count - added - changed);
        batch.Store.Suppressions.Grow(Growth);
    }
}
