using System.Buffers;
using System.Text;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Units;

namespace Webcluster.Protocol.Dsn;

/// <summary>
/// Writes delivery status notifications (RFC 3464 in multipart/report, RFC 6522; RFC 6533 for UTF-8 addresses). Pure; CRLF only. Nothing in
/// a report, whoever wrote it, can end its line, its field or its part; no line of ours is longer than 998 octets.
/// </summary>
/// <remarks>The caller sends it from the null reverse-path (RFC 3464 §2), with SMTPUTF8 or 8BITMIME where its octets need that.</remarks>
public static class DsnWriter
{
    /// <summary>
    /// Octets of the original that RET=FULL returns; a larger message comes back as header only (RFC 3461 §6.2 lets the MTA choose).
    /// </summary>
    public const int MaxReturned = 256 * 1024;

    public static byte[] Write(DsnReport report)
    {
        var utf8 = report.UseUtf8 || !report.From.IsAscii || !report.To.IsAscii;
        // rfc6522#3: for people, for machines, the original.
        MimePart[] parts =
        [
            DsnTextPart.Write(report, DsnOriginalPart.ReturnsAll(report)),
            DsnStatusPart.Write(report, utf8),
            DsnOriginalPart.Write(report, utf8),
        ];
        var boundary = MimeBoundary.Choose(report.Boundary, parts);
        var output = new ArrayBufferWriter<byte>(parts.Sum(p => p.Content.Length) + 2048);
        WriteText(output, Header(report, boundary, parts, utf8));
        foreach (var part in parts)
        {
            WriteText(output, $"\r\n--{boundary}\r\nContent-Description: {part.Description}\r\nContent-Type: {part.MediaType}\r\n");
            WriteText(output, $"Content-Transfer-Encoding: {part.Encoding}\r\n\r\n");
            output.Write(part.Content.Span);
        }
        WriteText(output, $"\r\n--{boundary}--\r\n");
        return output.WrittenSpan.ToArray();
    }

    private static string Header(DsnReport report, string boundary, MimePart[] parts, bool utf8)
    {
        var header = new StringBuilder(512);
        FieldText.AppendField(header, "From", $"Mail Delivery System <{Address(report.From, utf8)}>");
        FieldText.AppendField(header, "To", $"<{Address(report.To, utf8)}>");
        FieldText.AppendField(header, "Subject", Subject(report));
        FieldText.AppendField(header, "Date", MailDate.Format(report.Date));
        FieldText.AppendField(header, "Message-ID", $"<{FieldText.Clean(report.MessageId.Trim('<', '>'), utf8)}>");
        // rfc3834#5
        FieldText.AppendField(header, "Auto-Submitted", "auto-replied");
        FieldText.AppendField(header, "MIME-Version", "1.0");
        // rfc2045#6.4: what holds 8-bit parts is itself 8bit.
        var encoding = parts.Any(p => p.Encoding == MimePart.EightBit) ? MimePart.EightBit : MimePart.SevenBit;
        FieldText.AppendField(header, "Content-Transfer-Encoding", encoding);
        header.Append("Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"").Append(boundary).Append("\"\r\n");
        return header.ToString();
    }

    private static string Address(Mailbox mailbox, bool utf8) => FieldText.Clean(mailbox.ToString(), utf8);

    private static string Subject(DsnReport report)
    {
        if (report.Recipients.Any(r => r.Action == DsnAction.Failed)) return "Undelivered mail returned to sender";
        return report.Recipients.Any(r => r.Action == DsnAction.Delayed) ? "Delayed mail, still being tried" : "Delivery report";
    }

    private static void WriteText(ArrayBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
