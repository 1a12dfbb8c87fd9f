using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>
/// A line of JSON for each event: nested objects in the names of the Elastic Common Schema; what it has no field for stands under
/// "webcluster", by the names that it has in webhooks. The mapping is docs/events.md; a field that does not apply is left out.
/// </summary>
internal sealed class EcsFormat(EventOrigin origin) : IEventFormat
{
    public const string Version = "8.17.0";
    private const int NanosecondsPerMillisecond = 1_000_000;

    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions
    {
        // Read by JSON parsers, never by a browser. Line breaks and control characters are escaped all the same.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public ReadOnlyMemory<byte> Head => default;

    public void Append(MailEvent one, IBufferWriter<byte> lines)
    {
        _json.Reset(lines);
        _json.WriteStartObject();
        _json.WriteString("@timestamp", one.At.UtcDateTime);
        _json.WriteString("message", Message(one));
        Object("ecs", () => Text("version", Version));
        Object("event", () => Event(one));
        var kind = EcsKind.Of(one.Kind);
        if (kind.Category == "email") Object("email", () => Email(one));
        if (origin.Sources.Of(one) is { } address) Object("source", () => Address(address));
        if (one.Host is not null || one.Address is not null) Object("destination", () => Destination(one));
        if (TlsWords.Of(one.Tls) is { Protocol: not null } tls) Object("tls", () => Tls(tls));
        if (one.Rule is not null) Object("rule", () => Text("name", one.Rule));
        if (one.Tags is { Count: > 0 }) Texts("tags", one.Tags);
        Object("host", () => Text("name", one.Node ?? origin.Node));
        Object("service", Service);
        Object("webcluster", () => Own(one));
        _json.WriteEndObject();
        _json.Flush();
        lines.Write("\n"u8);
    }

    private static string Message(MailEvent one)
    {
        var who = one.Recipient ?? (one.Recipients is { Count: > 0 } all ? string.Join(", ", all) : one.Source);
        var said = one.Reply ?? one.Reason;
        return $"{EventWords.Of(one.Kind)}{(who is null ? "" : $" {who}")}{(said is null ? "" : $": {said}")}";
    }

    private void Event(MailEvent one)
    {
        var kind = EcsKind.Of(one.Kind);
        Text("id", EventIdentity.Of(one));
        Text("kind", "event");
        Texts("category", [kind.Category]);
        Texts("type", [kind.Type]);
        Text("action", EventWords.Of(one.Kind));
        Text("outcome", kind.Outcome);
        Text("reason", one.Reply ?? one.Reason);
        Number("duration", one.TookMs * NanosecondsPerMillisecond);
        Text("module", "webcluster");
        Text("dataset", "webcluster.events");
    }

    private void Email(MailEvent one)
    {
        Text("direction", "outbound");
        Text("local_id", one.Message);
        if (one.Sender is { Length: > 0 } sender) Object("from", () => Texts("address", [sender]));
        if ((one.Recipient is { } single ? [single] : one.Recipients) is { Count: > 0 } to) Object("to", () => Texts("address", to));
    }

    private void Address(string address)
    {
        Text("address", address);
        Text("ip", address);
    }

    private void Destination(MailEvent one)
    {
        Text("address", one.Host ?? one.Address);
        Text("domain", one.Host);
        Text("ip", one.Address);
    }

    private void Tls(TlsWords tls)
    {
        _json.WriteBoolean("established", true);
        Text("version_protocol", "tls");
        Text("version", tls.Version);
        Text("cipher", tls.Cipher);
    }

    private void Service()
    {
        Text("name", "webcluster");
        Text("version", ProductVersion.Text);
    }

    private void Own(MailEvent one)
    {
        Text("tenant", one.Tenant);
        Text("class", one.Class);
        Number("size", one.Size);
        Text("provider", one.Provider);
        Text("site", one.Site);
        Text("pool", one.Pool);
        Text("source", one.Source);
        Number("attempt", one.Attempt);
        Text("status", EventWords.Status(one));
        Text("bounce", one.Bounce);
        Flag("permanent", one.Permanent);
        Flag("suppressing", one.Suppressing);
        Flag("null_sender", one.Sender is { Length: 0 } ? true : null);
        Number("queued_ms", one.QueuedMs);
        if (one.NextAttempt is { } next) _json.WriteString("next_attempt", next.UtcDateTime);
        Text("reason", one.Reason);
    }

    private void Object(string name, Action write)
    {
        _json.WriteStartObject(name);
        write();
        _json.WriteEndObject();
    }

    private void Text(string name, string? value)
    {
        if (value is not null) _json.WriteString(name, value);
    }

    private void Texts(string name, IReadOnlyList<string> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values) _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    private void Number(string name, long? value)
    {
        if (value is { } number) _json.WriteNumber(name, number);
    }

    private void Flag(string name, bool? value)
    {
        if (value is { } flag) _json.WriteBoolean(name, flag);
    }
}
