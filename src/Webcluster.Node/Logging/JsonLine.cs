using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;

namespace Webcluster.Node.Logging;

/// <summary>One JSON object per line, in the names of the Elastic Common Schema; the event's own values stand under "webcluster".</summary>
internal sealed class JsonLine : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer)) Write(json, logEvent);
        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    private static void Write(Utf8JsonWriter json, LogEvent log)
    {
        json.WriteStartObject();
        json.WriteString("@timestamp", log.Timestamp.UtcDateTime);
        json.WriteString("log.level", log.Level.ToString().ToLowerInvariant());
        var message = new StringWriter(CultureInfo.InvariantCulture);
        PlainText.WriteMessage(log, message);
        json.WriteString("message", message.ToString());
        if (log.Properties.GetValueOrDefault("SourceContext") is ScalarValue { Value: string logger })
            json.WriteString("log.logger", logger);
        if (log.Properties.GetValueOrDefault("EventId") is StructureValue id) WriteEventCode(json, id);
        if (log.Exception is { } error)
        {
            json.WriteString("error.type", error.GetType().FullName);
            json.WriteString("error.message", error.Message);
            json.WriteString("error.stack_trace", error.ToString());
        }
        WriteValues(json, log);
        json.WriteEndObject();
    }

    private static void WriteEventCode(Utf8JsonWriter json, StructureValue id)
    {
        if (id.Properties.FirstOrDefault(property => property.Name == "Id")?.Value is ScalarValue { Value: int code })
            json.WriteString("event.code", code.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteValues(Utf8JsonWriter json, LogEvent log)
    {
        json.WriteStartObject("webcluster");
        foreach (var (name, value) in log.Properties)
            if (name is not ("SourceContext" or "EventId"))
                WriteValue(json, JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, LogEventPropertyValue value)
    {
        switch ((value as ScalarValue)?.Value)
        {
            case bool flag: json.WriteBoolean(name, flag); break;
            case int whole: json.WriteNumber(name, whole); break;
            case long whole: json.WriteNumber(name, whole); break;
            case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
            case DateTimeOffset at: json.WriteString(name, at); break;
            case IFormattable formattable: json.WriteString(name, formattable.ToString(null, CultureInfo.InvariantCulture)); break;
            case { } other: json.WriteString(name, other.ToString()); break;
            case null when value is ScalarValue: json.WriteNull(name); break;
            default: json.WriteString(name, value.ToString()); break;
        }
    }
}
