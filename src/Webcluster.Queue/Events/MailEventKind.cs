using System.Text.Json.Serialization;

namespace Webcluster.Queue.Events;

/// <summary>What happened to mail, or to what it goes by. The names are frozen: they stand in stores, files and webhooks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MailEventKind>))]
public enum MailEventKind
{
    /// <summary>The message was stored and got its 250.</summary>
    [JsonStringEnumMemberName("accepted")] Accepted,

    /// <summary>An attempt ended without an outcome for the recipient; it is tried again.</summary>
    [JsonStringEnumMemberName("deferred")] Deferred,

    /// <summary>The recipient's server took it.</summary>
    [JsonStringEnumMemberName("delivered")] Delivered,

    /// <summary>It will not be delivered: refused in the session, or by this node's own finding.</summary>
    [JsonStringEnumMemberName("bounced")] Bounced,

    /// <summary>A report came back that a delivered message failed later.</summary>
    [JsonStringEnumMemberName("bounced_later")] BouncedLater,

    /// <summary>Its time was over before anybody took it.</summary>
    [JsonStringEnumMemberName("expired")] Expired,

    /// <summary>The recipient called it spam.</summary>
    [JsonStringEnumMemberName("complained")] Complained,

    /// <summary>The recipient is on the suppression list: not attempted.</summary>
    [JsonStringEnumMemberName("suppressed")] Suppressed,

    [JsonStringEnumMemberName("unsubscribed")] Unsubscribed,

    /// <summary>An operator's rule set it aside.</summary>
    [JsonStringEnumMemberName("held")] Held,

    /// <summary>It goes on in another lane: the route changed, or an operator moved it.</summary>
    [JsonStringEnumMemberName("moved")] Moved,

    /// <summary>An operator removed it without a report.</summary>
    [JsonStringEnumMemberName("dropped")] Dropped,

    /// <summary>A node that died may have sent it, or no reply came to the final dot; it is sent again.</summary>
    [JsonStringEnumMemberName("possible_duplicate")] PossibleDuplicate,

    /// <summary>A reply changed what a source may send to a provider.</summary>
    [JsonStringEnumMemberName("limit_changed")] LimitChanged,

    /// <summary>A source was suspended at a provider.</summary>
    [JsonStringEnumMemberName("source_changed")] SourceChanged,
}
