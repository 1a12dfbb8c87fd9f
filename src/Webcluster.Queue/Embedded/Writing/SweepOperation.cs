namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Removes some of what has expired from the suppression list.</summary>
internal sealed class SweepOperation(long seconds, int most) : SuppressionOperation
{
    public override long Octets => 0;

    public override void Write(WriteBatch batch)
    {
        Growth = -batch.Store.Suppressions.RemoveExpired(seconds, most);
        batch.Store.Suppressions.Grow(Growth);
    }
}
