namespace Webcluster.Delivery.Pump;

/// <summary>
/// How many deliveries a session asks for at once: what it sends in a quarter of a second. What it holds is out of the queue's order, so on
/// a slow connection it takes one at a time, and a password reset is never behind more than that; on a fast one the queue is asked rarely.
/// </summary>
internal sealed class ClaimSize(int most)
{
    /// <summary>Of a new connection nobody knows how fast it is.</summary>
    public const int First = 1;

    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(250);

    public int Next { get; private set; } = First;

    /// <summary>So many took so long. Grows by doubling at most: one quick answer says little.</summary>
    public void Took(int count, TimeSpan time)
    {
        var inTime = count * (Ahead / TimeSpan.FromTicks(Math.Max(time.Ticks, 1)));
        Next = (int)Math.Clamp(inTime, 1, Math.Min(most, Next * 2));
    }
}
