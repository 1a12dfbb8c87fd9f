using System.Diagnostics;
using System.Globalization;
using System.Text;
using Webcluster.Protocol.Smtp;
using Webcluster.Protocol.Units;

namespace Webcluster.Protocol.Dsn;

/// <summary>The part that machines read: fields about the message, then a group for each recipient (RFC 3464 §2).</summary>
internal static class DsnStatusPart
{
    public static MimePart Write(DsnReport report, bool utf8)
    {
        var fields = new StringBuilder(1024);
        // rfc3464#2.2
        FieldText.AppendField(fields, "Original-Envelope-Id", EnvelopeId(report.EnvelopeId));
        FieldText.AppendField(fields, "Reporting-MTA", "dns; " + FieldText.Clean(report.ReportingMta, utf8));
        FieldText.AppendField(fields, "Arrival-Date", MailDate.Format(report.ArrivalDate));
        foreach (var recipient in report.Recipients)
        {
            fields.Append("\r\n");
            AppendGroup(fields, recipient, utf8);
        }
        // rfc6533#4: the other media type only where there is something it alone can carry.
        var text = fields.ToString();
        return Ascii.IsValid(text)
            ? new MimePart("message/delivery-status", "Delivery report", MimePart.SevenBit, Encoding.UTF8.GetBytes(text))
            : new MimePart("message/global-delivery-status", "Delivery report", MimePart.EightBit, Encoding.UTF8.GetBytes(text));
    }

    // rfc3464#2.3
    private static void AppendGroup(StringBuilder fields, DsnRecipient recipient, bool utf8)
    {
        FieldText.AppendField(fields, "Original-Recipient", DsnAddress.FormatOriginal(recipient.OriginalRecipient, utf8));
        FieldText.AppendField(fields, "Final-Recipient", DsnAddress.Format(recipient.Recipient, utf8));
        FieldText.AppendField(fields, "Action", ActionName(recipient.Action));
        FieldText.AppendField(fields, "Status", StatusOf(recipient).ToString());
        if (!string.IsNullOrWhiteSpace(recipient.RemoteMta))
            FieldText.AppendField(fields, "Remote-MTA", "dns; " + FieldText.Clean(recipient.RemoteMta, utf8));
        if (recipient.Diagnostic is { } reply)
            FieldText.AppendField(fields, "Diagnostic-Code", "smtp; " + FieldText.Clean(reply.ToString(), utf8));
        if (recipient.LastAttempt is { } last) FieldText.AppendField(fields, "Last-Attempt-Date", MailDate.Format(last));
        // rfc3464#2.3.9: only for what is delayed.
        if (recipient is { Action: DsnAction.Delayed, WillRetryUntil: { } until })
            FieldText.AppendField(fields, "Will-Retry-Until", MailDate.Format(until));
    }

    // rfc3464#2.2.1: as the sender chose it. What cannot stand in a field is given back in xtext, in which it came (rfc3461#4).
    private static string EnvelopeId(string? id)
    {
        if (id is null || id.All(c => c is >= ' ' and <= '~')) return FieldText.Clean(id ?? "", utf8: false);
        var xtext = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(id))
        {
            if (octet is > (byte)' ' and <= (byte)'~' and not ((byte)'+' or (byte)'=')) xtext.Append((char)octet);
            else xtext.Append(CultureInfo.InvariantCulture, $"+{octet:X2}");
        }
        return FieldText.Clean(xtext.ToString(), utf8: false);
    }

    // rfc3464#2.3.4: Status must be there; without a code, the general one of its class (rfc3463#3.1).
    private static EnhancedCode StatusOf(DsnRecipient recipient) => !recipient.Status.IsNone ? recipient.Status : recipient.Action switch
    {
        DsnAction.Failed => new EnhancedCode(5, 0, 0),
        DsnAction.Delayed => new EnhancedCode(4, 0, 0),
        DsnAction.Delivered or DsnAction.Relayed or DsnAction.Expanded => new EnhancedCode(2, 0, 0),
        _ => throw new UnreachableException(),
    };

    private static string ActionName(DsnAction action) => action switch
    {
        DsnAction.Failed => "failed",
        DsnAction.Delayed => "delayed",
        DsnAction.Delivered => "delivered",
        DsnAction.Relayed => "relayed",
        DsnAction.Expanded => "expanded",
        _ => throw new UnreachableException(),
    };
}
