namespace Webcluster.Submission.Content;

/// <summary>Bounds the octets of content that are on their way through the node. Safe for concurrent use.</summary>
internal sealed class ContentBudget(long most)
{
    private long _inFlight;

    public long InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Takes octets from the budget, all or none.</summary>
    public bool TryReserve(long octets)
    {
        if (Interlocked.Add(ref _inFlight, octets) <= most) return true;
        Release(octets);
        return false;
    }

    public void Release(long octets) => Interlocked.Add(ref _inFlight, -octets);
}
