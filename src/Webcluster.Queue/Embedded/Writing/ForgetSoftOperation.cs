using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Forgets the soft failures of addresses.</summary>
internal sealed class ForgetSoftOperation(IReadOnlyList<SuppressionKey> keys) : SuppressionOperation
{
    private const int OctetsPerKey = 64;

    public override long Octets => (long)keys.Count * OctetsPerKey;

    public override void Write(WriteBatch batch)
    {
        foreach (var key in keys)
            batch.Store.SoftFailures.Remove(key);
    }
}
