namespace Webcluster.Queue.Events;

internal static class FeedLimits
{
    public const int Wishes = 100;
    private const int StateOctets = 1024 * 1024;

    public static void Check(ReadOnlyMemory<byte> state)
    {
        if (state.Length > StateOctets)
            throw new ArgumentException($"A feed's state has at most {StateOctets} octets.", nameof(state));
    }
}
