using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Webcluster.Node.Webhooks.State;

/// <summary>The stored form of an endpoint's state: JSON in snake case. Its names are frozen: nodes of two versions share it.</summary>
internal static class EndpointStateJson
{
    private static readonly StateContext Context = new(new JsonSerializerOptions(StateContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new ParkedConverter() },
    });

    public static byte[] Encode(EndpointState state) => JsonSerializer.SerializeToUtf8Bytes(state, Context.EndpointState);

    /// <returns>Null where it cannot be read.</returns>
    public static EndpointState? Decode(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Context.EndpointState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class ParkedConverter : JsonConverter<ParkedParcels>
    {
        public override ParkedParcels Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize(ref reader, Context.ListParkedParcel) ?? []);

        public override void Write(Utf8JsonWriter writer, ParkedParcels value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, [.. value.All], Context.ListParkedParcel);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndpointState))]
[JsonSerializable(typeof(List<ParkedParcel>))]
internal sealed partial class StateContext : JsonSerializerContext;
