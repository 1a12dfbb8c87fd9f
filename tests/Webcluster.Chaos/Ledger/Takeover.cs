using System.Globalization;
using Webcluster.Chaos.Cluster;

namespace Webcluster.Chaos.Ledger;

/// <summary>How the others went on with the mail of nodes that were taken away. Pure.</summary>
internal sealed record Takeover
{
    /// <summary>The longest time from a node's death to the next attempt of a mail it had claimed; null where there was none.</summary>
    public TimeSpan? Longest { get; init; }

    /// <summary>The longest time from a node's death until its connections' slots were free.</summary>
    public TimeSpan? SlotsFree { get; init; }

    /// <summary>Claimed mails of dead nodes whose next attempt was seen.</summary>
    public int TakenOver { get; init; }

    /// <summary>Claimed mails of dead nodes that nobody attempted again.</summary>
    public int Forgotten { get; init; }

    /// <summary>Final dots of a node that stood still, for mail that others had by then.</summary>
    public int LateDots { get; init; }

    /// <summary>Mails that a node had claimed, and whose final dot it had not sent, when it stood still: what late dots could be
    /// of.</summary>
    public int BeforeDot { get; init; }

    /// <summary>How many arrivals beyond the first the stoppages excuse.</summary>
    public int TwiceBound { get; init; }

    public static Takeover Of(Books books, IReadOnlyCollection<Stoppage> stoppages)
    {
        var attempts = books.Attempts.ToLookup(attempt => attempt.Message, StringComparer.Ordinal);
        var arrivals = books.Arrivals.Where(arrival => arrival.Node is not null).ToLookup(arrival => arrival.Recipient, StringComparer.Ordinal);
        var longest = new List<TimeSpan>();
        var slots = new List<TimeSpan>();
        var (forgotten, late, before, bound) = (0, 0, 0, 0);
        foreach (var stoppage in stoppages)
        {
            var own = stoppage.Held.Messages.SelectMany(message => attempts[message].Take(1)).SelectMany(attempt => arrivals[attempt.Recipient])
                .Where(arrival => arrival.Node == stoppage.Node).ToList();
            var lateOnes = stoppage.Kind == StoppageKind.Suspended ? own.Count(arrival => arrival.At > stoppage.Until) : 0;
            late += lateOnes;
            if (stoppage.Kind == StoppageKind.Suspended) before += stoppage.Held.Messages.Count - (own.Count - lateOnes);
            bound += stoppage.Kind == StoppageKind.Suspended ? own.Count - lateOnes : stoppage.Held.Sessions;
            if (stoppage.Kind == StoppageKind.FailedOver) continue;
            var next = stoppages.Where(other => other.Node == stoppage.Node && other.At > stoppage.At).Min(other => (DateTimeOffset?)other.At);
            if (Freed(stoppage, books.Reapings, next ?? DateTimeOffset.MaxValue) is { } freed) slots.Add(freed);
            foreach (var message in stoppage.Held.Messages)
            {
                if (attempts[message].Where(attempt => IsNext(attempt, stoppage)).Min(attempt => (DateTimeOffset?)attempt.Began) is { } began)
                    longest.Add(began - stoppage.At);
                else if (stoppage.Kind == StoppageKind.Killed)
                    forgotten++;
            }
        }

        return new Takeover
        {
            Longest = longest.Count > 0 ? longest.Max() : null,
            SlotsFree = slots.Count > 0 ? slots.Max() : null,
            TakenOver = longest.Count,
            Forgotten = forgotten,
            LateDots = late,
            BeforeDot = before,
            TwiceBound = bound,
        };
    }

    // A killed node's name lives on in its next life; a node that stood still speaks for its old one until it is found out.
    private static bool IsNext(Attempt attempt, Stoppage stoppage) =>
        attempt.Began > stoppage.At && (stoppage.Kind == StoppageKind.Killed || attempt.Node != stoppage.Node);

    /// <summary>From the death of this life of the node to the last of its reapings; one life may be cut off and reaped several
    /// times.</summary>
    private static TimeSpan? Freed(Stoppage stoppage, IReadOnlyList<Reaped> reapings, DateTimeOffset next)
    {
        var mine = reapings.Where(reaped => reaped.At > stoppage.At && reaped.At < next && IsLife(reaped.NodeId, stoppage)).ToList();
        return mine.Count == 0 ? null : mine.Max(reaped => reaped.At) - stoppage.At;
    }

    // "name/id", the id beginning with the milliseconds at which the process began.
    private static bool IsLife(string nodeId, Stoppage stoppage)
    {
        var slash = nodeId.LastIndexOf('/');
        if (slash < 0 || nodeId[..slash] != stoppage.Node || !long.TryParse(nodeId.AsSpan(slash + 1, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var began))
            return false;
        return began >= stoppage.Life.ToUnixTimeMilliseconds() - 1 && began <= stoppage.At.ToUnixTimeMilliseconds();
    }
}
