using System.Text.Json.Serialization;

namespace Webcluster.Node.Http;

/// <summary>Who asks for what has no more to it.</summary>
internal sealed record WebhookRequest
{
    public string? Author { get; init; }
}

/// <summary>What to send again: one event by its id, or all that happened in a time.</summary>
internal sealed record ReplayRequest
{
    private const int LongestId = 100;

    public string? Event { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary>Null: until now.</summary>
    public DateTimeOffset? To { get; init; }

    public string? Author { get; init; }

    /// <summary>Null: none.</summary>
    [JsonIgnore]
    public string? Problem => this switch
    {
        { Event: null, From: null } => "needs event, or from",
        { Event: not null } when From is not null || To is not null => "needs event, or from, not both",
        { Event: { } id } when id.Length is 0 or > LongestId || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') =>
            "event is no event's id",
        _ when To < From => "to is before from",
        _ => null,
    };
}
