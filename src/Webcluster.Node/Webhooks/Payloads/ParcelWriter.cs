using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Webhooks.Payloads;

/// <summary>
/// Writes requests' bodies: {"id","type","timestamp","data"}, the last three as Standard Webhooks has them; for an endpoint that takes
/// batches a list of such, also of one.
/// </summary>
internal sealed class ParcelWriter(int batch)
{
    /// <summary>A batch ends with the event that takes it beyond this: receivers have limits.</summary>
    private const int MostOctets = 64 * 1024;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly byte[] Opening = "["u8.ToArray();
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] Closing = "]"u8.ToArray();

    /// <summary>Takes events from the front, as many as one request may carry.</summary>
    /// <param name="events">At least one.</param>
    public Parcel Pack(IReadOnlyList<StoredEvent> events)
    {
        var body = new ArrayBufferWriter<byte>();
        var count = 0;
        if (batch > 1) body.Write(Opening);
        while (count < Math.Min(batch, events.Count) && (count == 0 || body.WrittenCount < MostOctets))
        {
            if (count > 0) body.Write(Comma);
            Write(body, events[count]);
            count++;
        }

        if (batch > 1) body.Write(Closing);
        var taken = events.Take(count).ToList();
        return new Parcel
        {
            Id = batch > 1 ? BatchId(taken[0].Id, taken[^1].Id) : taken[0].Id,
            Type = EventTypes.Of(taken[0].Event.Kind),
            At = taken[0].Event.At,
            Events = [.. taken.Select(one => one.Id)],
            Messages = [.. taken.Select(one => one.Event.Message).OfType<string>().Distinct(StringComparer.Ordinal)],
            Body = body.WrittenSpan.ToArray(),
        };
    }

    /// <summary>What an operator sends to see whether it arrives; its id is new each time.</summary>
    public Parcel Test(string endpoint, DateTimeOffset now)
    {
        var id = $"test-{Guid.CreateVersion7(now):N}";
        var body = new ArrayBufferWriter<byte>();
        if (batch > 1) body.Write(Opening);
        Write(body, (id, EventTypes.Test, now), JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["endpoint"] = endpoint }));
        if (batch > 1) body.Write(Closing);
        return new Parcel { Id = id, Type = EventTypes.Test, At = now, Events = [id], Messages = [], Body = body.WrittenSpan.ToArray() };
    }

    private static void Write(ArrayBufferWriter<byte> body, StoredEvent one) =>
        Write(body, (one.Id, EventTypes.Of(one.Event.Kind), one.Event.At), MailEventJson.Encode(one.Event));

    private static void Write(ArrayBufferWriter<byte> body, (string Id, string Type, DateTimeOffset At) head, byte[] data)
    {
        using var json = new Utf8JsonWriter(body, Json);
        json.WriteStartObject();
        json.WriteString("id", head.Id);
        json.WriteString("type", head.Type);
        json.WriteString("timestamp", head.At);
        json.WritePropertyName("data");
        json.WriteRawValue(data, skipInputValidation: true);
        json.WriteEndObject();
    }

    private static string BatchId(string first, string last) =>
        $"batch-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{first} {last}")).AsSpan(0, 16))}";
}
