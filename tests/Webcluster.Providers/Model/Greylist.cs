namespace Webcluster.Providers.Model;

/// <summary>
/// As postgrey does it: who is not known waits, and a source that came back often enough is known. The first <see cref="MostPairs"/> pairs
/// are remembered; others are not made to wait.
/// </summary>
internal sealed class Greylist(TimeSpan delay)
{
    public const int ReturnsUntilKnown = 5;
    public const int MostPairs = 100_000;

    private readonly Dictionary<(string Sender, string Recipient), DateTimeOffset> _seen = [];
    private int _returns;

    public bool MustWait(string sender, string recipient, DateTimeOffset now)
    {
        if (_returns >= ReturnsUntilKnown) return false;
        if (_seen.TryGetValue((sender, recipient), out var first))
        {
            if (now - first < delay) return true;
            _returns++;
            return false;
        }

        return _seen.Count < MostPairs && _seen.TryAdd((sender, recipient), now);
    }
}
