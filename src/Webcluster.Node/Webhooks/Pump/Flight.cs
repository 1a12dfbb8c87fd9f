using Webcluster.Node.Webhooks.Payloads;
using Webcluster.Node.Webhooks.Sending;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>A parcel that is on its way.</summary>
internal sealed class Flight(Parcel parcel)
{
    public Parcel Parcel => parcel;

    /// <summary>Where it comes from; null: it was parked, or is a test.</summary>
    public Page? Page { get; init; }

    /// <summary>Of the page.</summary>
    public IReadOnlyList<StoredEvent> Events { get; init; } = [];

    public bool IsTest { get; init; }

    /// <summary>The endpoint rests: this one alone shows whether it takes something again.</summary>
    public bool IsProbe { get; init; }

    public Task<SendResult>? Sending { get; set; }
}
