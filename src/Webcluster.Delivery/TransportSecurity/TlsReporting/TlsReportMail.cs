using System.Text;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Units;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>Writes a report as mail (RFC 8460 §5.3): multipart/report with a line for people and the report, compressed. ASCII, CRLF
/// only.</summary>
internal static class TlsReportMail
{
    private const string Boundary = "=_tlsrpt";

    public static byte[] Write(TlsReport report, Mailbox from, Mailbox to, string submitter, DateTimeOffset now)
    {
        var mail = new StringBuilder(4096);
        Line($"From: <{from}>");
        Line($"To: <{to}>");
        Line($"Date: {MailDate.Format(now)}");
        Line($"Subject: Report Domain: {report.Domain}\r\n Submitter: {submitter}\r\n Report-ID: <{report.Id}>");
        Line($"Message-ID: <{report.Id}>");
        Line($"TLS-Report-Domain: {report.Domain}");
        Line($"TLS-Report-Submitter: {submitter}");
        // rfc8689#5: a report about broken TLS must not fail for broken TLS.
        Line("TLS-Required: No");
        Line("Auto-Submitted: auto-generated");
        Line("MIME-Version: 1.0");
        Line($"Content-Type: multipart/report; report-type=\"tlsrpt\";\r\n boundary=\"{Boundary}\"");
        Line($"\r\n--{Boundary}\r\nContent-Type: text/plain; charset=us-ascii\r\n");
        Line($"This is a report on TLS with the mail hosts of {report.Domain}\r\non {report.Start:yyyy-MM-dd} (UTC) from {submitter}.");
        Line($"\r\n--{Boundary}\r\nContent-Type: application/tlsrpt+gzip\r\nContent-Transfer-Encoding: base64");
        Line($"Content-Disposition: attachment;\r\n filename=\"{report.FileName}\"\r\n");
        Line(Convert.ToBase64String(report.Compressed(), Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\r\n"));
        Line($"\r\n--{Boundary}--");
        return Encoding.ASCII.GetBytes(mail.ToString());

        void Line(string text) => mail.Append(text).Append("\r\n");
    }
}
