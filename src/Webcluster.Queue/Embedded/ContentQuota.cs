namespace Webcluster.Queue.Embedded;

/// <summary>Room for content: reserved before a message is stored, given back when it is not or when it goes.</summary>
internal sealed class ContentQuota(long most)
{
    private long _used;

    public bool IsExhausted => Volatile.Read(ref _used) >= most;

    public bool TryReserve(int octets)
    {
        if (Interlocked.Add(ref _used, octets) <= most)
            return true;
        Release(octets);
        return false;
    }

    /// <summary>Counts what is stored already, even beyond the limit.</summary>
    public void Count(long octets) => Interlocked.Add(ref _used, octets);

    public void Release(int octets) => Interlocked.Add(ref _used, -octets);
}
