using System.Text.Json;
using System.Text.Json.Serialization;

namespace Webcluster.Node.Webhooks.Wishes;

/// <summary>What an operator asks of whichever node sends to an endpoint.</summary>
/// <param name="At">When it was asked.</param>
internal sealed record Wish(WishKind Do, DateTimeOffset At)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Of a replay: only this event.</summary>
    public string? Event { get; init; }

    /// <summary>Of a replay: null: from the oldest on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Of a replay: null: what there was when it was asked.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Who asks, for the log.</summary>
    public string? Author { get; init; }

    /// <summary>As the store carries it.</summary>
    public string Encode() => JsonSerializer.Serialize(this, Json);

    /// <returns>Null where it cannot be read: another version's.</returns>
    public static Wish? Decode(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Wish>(text, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal enum WishKind
{
    Enable,
    Disable,
    Test,
    Replay,
}
