using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Removes entries from the suppression list.</summary>
/// <param name="seconds">The time, since 1970.</param>
internal sealed class UnsuppressOperation(IReadOnlyList<SuppressionKey> keys, long seconds) : SuppressionOperation
{
    private const int OctetsPerKey = 64;

    public int Removed { get; private set; }

    public override long Octets => (long)keys.Count * OctetsPerKey;

    public override void Write(WriteBatch batch)
    {
        (Removed, Growth) = (0, 0);
        foreach (var key in keys)
        {
            var record = batch.Store.Suppressions.Find(key);
            if (record.Length == 0)
                continue;
            batch.Store.Suppressions.Remove(key);
            Growth--;
            if (SuppressionCodec.EndsAt(record) is var ends && (ends == 0 || ends > seconds))
                Removed++;
        }
        batch.Store.Suppressions.Grow(Growth);
    }
}
