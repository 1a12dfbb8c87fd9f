using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Reports;

namespace Webcluster.Node.Bounces;

/// <summary>Writes each report as one line of JSON. All fields are always there; null for what the report does not say.</summary>
internal sealed class ReportLines(TextWriter output) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new();

    private readonly Utf8JsonWriter _json =
        new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Write(string file, MailReport report)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WriteString("file", file);
        _json.WriteString("kind", report.Kind.Text());
        _json.WriteString("recipient", report.Recipient);
        _json.WriteString("status", report.Status.IsNone ? null : report.Status.ToString());
        if (report.Reply is { } reply) _json.WriteNumber("reply", reply);
        else _json.WriteNull("reply");
        if (report.Permanent is { } permanent) _json.WriteBoolean("permanent", permanent);
        else _json.WriteNull("permanent");
        _json.WriteString("category", report.Cause?.Class.Text());
        _json.WriteString("reference", report.Reference);
        _json.WriteString("original_recipient", report.OriginalRecipient);
        _json.WriteString("message_id", report.MessageId);
        _json.WriteString("diagnostic", report.Diagnostic);
        _json.WriteEndObject();
        _json.Flush();
        output.WriteLine(Encoding.UTF8.GetString(_line.WrittenSpan));
    }

    public void Dispose() => _json.Dispose();
}
