using System.Text.Json.Serialization;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Webhooks.State;

/// <summary>A walk through what the log still has, to send some of it again. The endpoint's filters hold for it too.</summary>
/// <param name="From">Events from then on.</param>
/// <param name="To">Events until then.</param>
/// <param name="Event">Only this one; null: all.</param>
internal sealed record Replay(DateTimeOffset From, DateTimeOffset To, string? Event)
{
    // An event is written a little later than it happened.
    private static readonly TimeSpan Disorder = TimeSpan.FromMinutes(1);

    public Position Position { get; set; } = new();

    /// <summary>Events sent again, or parked to be.</summary>
    public int Found { get; set; }

    /// <summary>The time that the walk begins behind.</summary>
    [JsonIgnore]
    public DateTimeOffset Start => From <= DateTimeOffset.MinValue + Disorder ? DateTimeOffset.MinValue : From - Disorder;

    public bool Wants(StoredEvent one) =>
        Event is not null ? one.Id == Event : one.Event.At >= From && one.Event.At <= To;

    /// <summary>
    /// Whether nothing can come behind a page. A full one says nothing: a log of several parts may give one part's newest before another's
    /// oldest.
    /// </summary>
    public bool EndsWith(IReadOnlyList<StoredEvent> page, bool isFull) =>
        (Event is not null && Found > 0) || (!isFull && page.All(one => one.Event.At > To));
}
