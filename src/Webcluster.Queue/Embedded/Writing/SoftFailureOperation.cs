using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Counts messages that failed for an address in a way that may pass.</summary>
/// <param name="seconds">The time, since 1970.</param>
internal sealed class SoftFailureOperation(IReadOnlyList<SoftFailure> failures, SoftFailureLimit limit, long seconds) : SuppressionOperation
{
    private const int OctetsPerFailure = 128;

    public IReadOnlyList<int> Counts { get; private set; } = [];

    public override long Octets => (long)failures.Count * OctetsPerFailure;

    public override void Write(WriteBatch batch)
    {
        var store = batch.Store.SoftFailures;
        var counts = new int[failures.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            var (key, older) = (failures[i].Key, store.Find(failures[i].Key));
            var newer = SoftFailureRecord.With(older, (uint)seconds, SoftFailureRecord.MarkOf(failures[i].Message), limit);
            if (!older.AsSpan().SequenceEqual(newer)) store.Save(key, seconds, newer);
            counts[i] = SoftFailureRecord.CountOf(newer);
        }
        store.Expire(seconds - (long)limit.Within.TotalSeconds);
        Counts = counts;
    }
}
