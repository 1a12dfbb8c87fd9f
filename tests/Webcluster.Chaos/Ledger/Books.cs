using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Load;

namespace Webcluster.Chaos.Ledger;

/// <summary>Everything that was seen from outside, and what the nodes said. A recipient stands for one mail.</summary>
internal sealed record Books
{
    public required IReadOnlySet<string> Accepted { get; init; }

    public required IReadOnlySet<string> Uncertain { get; init; }

    public required IReadOnlyCollection<SubmittedMail> Submissions { get; init; }

    public required IReadOnlyList<Arrival> Arrivals { get; init; }

    /// <summary>Recipients whose mail's sender got a report.</summary>
    public required IReadOnlySet<string> Bounced { get; init; }

    public required IReadOnlySet<string> Marked { get; init; }

    public required IReadOnlyList<Attempt> Attempts { get; init; }

    public required IReadOnlyList<Reaped> Reapings { get; init; }

    /// <summary>Sessions that ended by a fault of the program.</summary>
    public int NodeFaults { get; init; }

    public long StillQueued { get; init; }
}
