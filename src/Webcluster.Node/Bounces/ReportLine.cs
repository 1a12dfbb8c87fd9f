using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Reports;

namespace Webcluster.Node.Bounces;

/// <summary>A report as one line of JSON. All fields are always there; null for what the report does not say.</summary>
internal static class ReportLine
{
    public static string Write(string file, MailReport report)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteString("kind", report.Kind.Text());
            json.WriteString("recipient", report.Recipient);
            json.WriteString("status", report.Status.IsNone ? null : report.Status.ToString());
            if (report.Reply is { } reply) json.WriteNumber("reply", reply);
            else json.WriteNull("reply");
            if (report.Permanent is { } permanent) json.WriteBoolean("permanent", permanent);
            else json.WriteNull("permanent");
            json.WriteString("category", report.Cause?.Class.Text());
            json.WriteString("reference", report.Reference);
            json.WriteString("original_recipient", report.OriginalRecipient);
            json.WriteString("message_id", report.MessageId);
            json.WriteString("diagnostic", report.Diagnostic);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
