using Webcluster.Protocol.Bounces;
using Webcluster.Protocol.Mime;
using Webcluster.Protocol.Reports;

namespace Webcluster.Protocol.Feedback;

/// <summary>Feedback reports (ARF, RFC 5965; RFC 6591 for failed authentication), malformed ones, and complaints that only forward the
/// message. Empty where the mail is none of these.</summary>
internal static class FeedbackReader
{
    public static IReadOnlyList<MailReport> Read(ReceivedMail mail)
    {
        if (Fields(mail) is { } fields) return Reports(mail, Kind(fields.Value("Feedback-Type")), fields);
        if (BounceReader.IsReport(mail)) return [];
        if (IsUnsubscribe(mail)) return [new MailReport(ReportKind.OptOut) { Recipient = AddressText.First(mail.Header.Value("From")) }];
        return IsForwardedComplaint(mail) ? Reports(mail, ReportKind.Complaint, null) : [];
    }

    // rfc5965#3.1; null where the mail claims to be no feedback report.
    private static MimeHeader? Fields(ReceivedMail mail)
    {
        var part = mail.Find("message", "feedback-report", "x-feedback-report").FirstOrDefault();
        if (part is not null) return Fields(part.ReadOctets(), mail);
        var type = mail.Root.Type.Parameters["report-type"];
        if (!"feedback-report".Equals(type, StringComparison.OrdinalIgnoreCase)) return null;
        // Without the part that it promises: its fields may stand in the text.
        var text = string.Join('\n', mail.Lines.SkipWhile(line => !line.StartsWith("Feedback-Type:", StringComparison.OrdinalIgnoreCase)));
        return Fields(System.Text.Encoding.UTF8.GetBytes(text), mail);
    }

    private static MimeHeader Fields(ReadOnlyMemory<byte> text, ReceivedMail mail)
    {
        var limits = mail.Limits.Mime;
        var header = MimeHeader.Scan(text, limits, limits.MaxFields, out var end);
        // Some put empty lines or a sentence in front of them.
        for (var tries = 0; tries < 4 && !header.Has("Feedback-Type") && !text.IsEmpty; tries++)
        {
            if (end == 0) end = text.Span.IndexOf((byte)'\n') is >= 0 and var line ? line + 1 : text.Length;
            text = text[end..];
            var next = MimeHeader.Scan(text, limits, limits.MaxFields, out end);
            if (next.Count > header.Count || next.Has("Feedback-Type")) header = next;
        }

        return header;
    }

    // rfc5965#7.3, rfc6591#3.1 and rfc6430#3. What is not known is a complaint.
    public static ReportKind Kind(string? type) => type?.Split(' ', ';')[0].ToLowerInvariant() switch
    {
        "opt-out" or "opt-out-list" or "optout" or "unsubscribe" => ReportKind.OptOut,
        "auth-failure" or "authfailure" or "dkim" or "dmarc" or "spf" => ReportKind.AuthFailure,
        "not-spam" or "notspam" => ReportKind.NotSpam,
        _ => ReportKind.Complaint,
    };

    private static List<MailReport> Reports(ReceivedMail mail, ReportKind kind, MimeHeader? fields)
    {
        var recipients = Recipients(mail, fields);
        var first = new MailReport(kind)
        {
            Reference = ReferenceText.Of(fields?.Value("Original-Mail-From")),
            Diagnostic = fields?.Value("Authentication-Results") is { } results && kind == ReportKind.AuthFailure ? results : "",
        };
        return recipients.Count == 0 ? [first] : [.. recipients.Select(recipient => first with { Recipient = recipient })];
    }

    private static List<string> Recipients(ReceivedMail mail, MimeHeader? fields)
    {
        foreach (var name in FeedbackPhrases.RecipientFields)
        {
            var named = fields?.Values(name, mail.Limits.MaxReports).SelectMany(value => AddressText.All(value, most: 50))
                .Distinct(StringComparer.OrdinalIgnoreCase).Take(mail.Limits.MaxReports).ToList();
            if (named is { Count: > 0 }) return named;
        }

        foreach (var name in FeedbackPhrases.MessageFields)
            if (AddressText.First(mail.Original?.Value(name)) is { } recipient) return [recipient];
        return Traced(mail.Original) is { } traced ? [traced] : [];
    }

    // rfc5321#4.4: "for <recipient>" in a trace field.
    private static string? Traced(MimeHeader? original)
    {
        foreach (var trace in original?.Values("Received", most: 20) ?? [])
            if (trace.IndexOf(" for ", StringComparison.Ordinal) is >= 0 and var at && AddressText.TryFind(trace, at, out var found)
                && found.Start <= at + 6)
                return found.Address;
        return null;
    }

    // A mail client that unsubscribes by mail, or a person who does as List-Unsubscribe says.
    private static bool IsUnsubscribe(ReceivedMail mail) =>
        mail.Header.Has("X-Apple-Unsubscribe") || mail.Subject.Equals("unsubscribe", StringComparison.OrdinalIgnoreCase);

    // rfc5965 is not what all send: some forward the message and say so in a sentence.
    private static bool IsForwardedComplaint(ReceivedMail mail)
    {
        if (mail.Original is null) return false;
        if (mail.Original.Has("X-HmXmrOriginalRecipient")) return true;
        // Whoever answers a mail about spam quotes its words, and its header.
        if (!mail.IsReturned || AutoReplies.IsOne(mail) || BounceEvidence.IsAnswer(mail.Subject)) return false;
        var marks = Count(mail.Sender, FeedbackPhrases.Senders) + Count(mail.Subject, FeedbackPhrases.Subjects)
            + Count(string.Join(' ', mail.Lines.Take(40)), FeedbackPhrases.Texts);
        return marks >= 2;
    }

    private static int Count(string text, string[] phrases) =>
        Array.Exists(phrases, phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase)) ? 1 : 0;
}
