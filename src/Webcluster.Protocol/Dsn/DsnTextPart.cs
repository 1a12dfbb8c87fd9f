using System.Diagnostics;
using System.Text;
using Webcluster.Protocol.Units;

namespace Webcluster.Protocol.Dsn;

/// <summary>The part that people read: what became of the message, for whom, and what the other server said.</summary>
internal static class DsnTextPart
{
    // Written before the space that a folded line begins with: four in all.
    private const string Indent = "   ";

    public static MimePart Write(DsnReport report, bool returnsAll)
    {
        var text = new StringBuilder(1024);
        AppendLine(text, $"This is the mail system at {FieldText.Clean(report.ReportingMta, utf8: true)}.");
        foreach (var group in report.Recipients.GroupBy(r => r.Action).OrderBy(g => g.Key))
        {
            text.Append("\r\n");
            AppendLine(text, Heading(group.Key));
            foreach (var recipient in group) AppendRecipient(text, recipient);
        }
        text.Append("\r\n");
        AppendLine(text, returnsAll ? "Your message is attached." : "The header of your message is attached.");
        return ToPart(text.ToString());
    }

    private static void AppendRecipient(StringBuilder text, DsnRecipient recipient)
    {
        text.Append("\r\n");
        AppendLine(text, $"<{FieldText.Clean(recipient.Recipient.ToString(), utf8: true)}>");
        AppendIndented(text, recipient.Explanation);
        if (recipient.Diagnostic is { } reply)
            AppendIndented(text, $"{(string.IsNullOrWhiteSpace(recipient.RemoteMta) ? "The server" : recipient.RemoteMta)} said: {reply}");
        if (recipient is { Action: DsnAction.Delayed, WillRetryUntil: { } until })
            AppendIndented(text, $"It will be tried until {MailDate.Format(until)}.");
    }

    private static string Heading(DsnAction action) => action switch
    {
        DsnAction.Failed => "Your message could not be delivered to the following recipients. It will not be tried again.",
        DsnAction.Delayed => "Your message has not yet been delivered to the following recipients. You need not send it again.",
        DsnAction.Delivered => "Your message was delivered to the following recipients.",
        DsnAction.Relayed => "Your message was handed on for the following recipients, to servers that give no further notice.",
        DsnAction.Expanded => "Your message was delivered to the following addresses, which passed it on to others.",
        _ => throw new UnreachableException(),
    };

    private static void AppendLine(StringBuilder text, string line)
    {
        FieldText.AppendFolded(text, line, 0, indent: "");
        text.Append("\r\n");
    }

    // Nothing that others wrote begins a line, so that it cannot look like ours.
    private static void AppendIndented(StringBuilder text, string untrusted)
    {
        var clean = FieldText.Clean(untrusted, utf8: true);
        if (clean.Length == 0) return;
        text.Append(Indent).Append(' ');
        FieldText.AppendFolded(text, clean, Indent.Length + 1, Indent);
        text.Append("\r\n");
    }

    private static MimePart ToPart(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        return Ascii.IsValid(octets)
            ? new MimePart("text/plain; charset=us-ascii", "Notification", MimePart.SevenBit, octets)
            : new MimePart("text/plain; charset=utf-8", "Notification", MimePart.QuotedPrintable, QuotedPrintable.Encode(octets));
    }
}
