using System.Collections.Concurrent;

namespace Webcluster.Delivery.Traffic;

/// <summary>
/// Finds out how many messages a provider takes on a connection where its words do not say so: it sends the sender away after the same
/// number twice in a row. Bounded; a full memory forgets all.
/// </summary>
internal sealed class CarriedCounts
{
    private const int Most = 10_000;

    // Fewer come together by chance, where a provider refuses for another reason.
    private const int Fewest = 5;

    private readonly ConcurrentDictionary<(string Provider, string Source), int> _last = new();

    /// <param name="carried">Messages on the connection before the refusal.</param>
    /// <returns>It was as many the last time.</returns>
    public bool IsTheSameAgain(string provider, string source, int carried)
    {
        if (carried < Fewest) return false;
        if (_last.Count >= Most) _last.Clear();
        var again = false;
        _last.AddOrUpdate((provider, source), carried, (_, last) =>
        {
            again = last == carried;
            return carried;
        });
        return again;
    }
}
