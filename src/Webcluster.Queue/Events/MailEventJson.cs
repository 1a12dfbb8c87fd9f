using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Webcluster.Queue.Events;

/// <summary>The text form of an event, in the store as in files and webhooks: one JSON object, names in snake case.</summary>
public static class MailEventJson
{
    private static readonly EventContext Context = new(new JsonSerializerOptions(EventContext.Default.Options)
    {
        // Read by JSON parsers, never by a browser: names of people and places stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static byte[] Encode(MailEvent mailEvent) => JsonSerializer.SerializeToUtf8Bytes(mailEvent, Context.MailEvent);

    /// <returns>Null where it cannot be read.</returns>
    public static MailEvent? Decode(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Context.MailEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MailEvent))]
internal sealed partial class EventContext : JsonSerializerContext;
