namespace Webcluster.Node.Webhooks.State;

/// <summary>
/// How far an endpoint is, as the store keeps it for whichever node sends. Every event in the log behind <see cref="Live"/> is still to be
/// looked at; every one before it was sent, was not wanted, or is in <see cref="Parked"/>.
/// </summary>
internal sealed class EndpointState
{
    /// <summary>Counts how often it was stored: no two stored states are the same.</summary>
    public long Revision { get; set; }

    public Position Live { get; set; } = new();

    /// <summary>In the order in which they were asked for; the first is under way.</summary>
    public List<Replay> Replays { get; set; } = [];

    public ParkedParcels Parked { get; set; } = new();

    /// <summary>Null: it is sent to.</summary>
    public Disablement? Disabled { get; set; }

    /// <summary>Nothing has been taken since then; null: the last request was, or there was none.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Nothing is sent but one probe at a time; null: all goes.</summary>
    public Rest? Rest { get; set; }

    /// <summary>Events that were taken.</summary>
    public long Delivered { get; set; }

    /// <summary>Events that were tried as often as ever is, or had to make room.</summary>
    public long GivenUp { get; set; }

    /// <summary>Events that the log kept no more when their turn came.</summary>
    public long Missed { get; set; }

    /// <summary>The last requests, newest last.</summary>
    public List<Attempt> Attempts { get; set; } = [];
}

/// <summary>Whose doing it was that nothing is sent, until an operator enables it again.</summary>
internal sealed record Disablement(DateTimeOffset Since, string Reason);

/// <param name="Until">The next probe's time.</param>
/// <param name="Step">What the time until then was: the next is twice as long.</param>
internal sealed record Rest(DateTimeOffset Until, TimeSpan Step);

/// <summary>One request, as the delivery log shows it.</summary>
/// <param name="Id">The parcel's.</param>
/// <param name="Events">How many it carried.</param>
/// <param name="Status">What was answered; null: nothing was.</param>
/// <param name="Error">Null: it was taken.</param>
internal sealed record Attempt(DateTimeOffset At, string Id, string Type, int Events, int? Status, string? Error, long TookMs);
