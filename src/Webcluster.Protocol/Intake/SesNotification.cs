using System.Text;
using System.Text.Json;
using Webcluster.Protocol.Bounces;
using Webcluster.Protocol.Feedback;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Intake;

/// <summary>A notification of Amazon SES that comes by mail: JSON, alone or as the Message of an SNS notification.</summary>
internal static class SesNotification
{
    private const int MaxDepth = 16;

    /// <summary>Relays fold at 990 to 998 octets; characters may be fewer.</summary>
    private const int FoldedLine = 900;

    /// <summary>Empty where the mail is none.</summary>
    public static IReadOnlyList<MailReport> Read(ReceivedMail mail, BounceReader bounces)
    {
        if (mail.Lines.FirstOrDefault(line => line.Length > 0)?.TrimStart().StartsWith('{') != true) return [];
        var text = Unfolded(mail.ReadPlainText());
        try
        {
            using var outer = JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)], Options);
            var root = outer.RootElement;
            if (Text(root, "Message") is not { } inner) return Reports(root, mail, bounces);
            using var message = JsonDocument.Parse(inner, Options);
            return Reports(message.RootElement, mail, bounces);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>JSON has no line end in its strings: one that stands there was put in by a relay, and so were the blank behind it and, by
    /// sendmail, the exclamation mark in front of it.</summary>
    private static string Unfolded(string text)
    {
        var whole = new StringBuilder(text.Length);
        var isFolded = false;
        foreach (var each in text.AsSpan().EnumerateLines())
        {
            var line = each;
            if (isFolded && line is [' ' or '\t', ..])
            {
                if (whole[^1] == '!') whole.Length--;
                line = line[1..];
            }

            whole.Append(line);
            isFolded = each.Length >= FoldedLine;
        }

        return whole.ToString();
    }

    private static JsonDocumentOptions Options => new() { MaxDepth = MaxDepth, AllowTrailingCommas = true };

    private static List<MailReport> Reports(JsonElement root, ReceivedMail mail, BounceReader bounces)
    {
        var type = Text(root, "notificationType") ?? Text(root, "eventType");
        var messageId = root.TryGetProperty("mail", out var sent) ? Text(sent, "messageId") : null;
        return [.. (type switch
        {
            "Bounce" => Recipients(root, "bounce", "bouncedRecipients").Select(each => bounces.Read(Status(root, each), mail.Limits)),
            "DeliveryDelay" => Recipients(root, "deliveryDelay", "delayedRecipients")
                .Select(each => bounces.Read(Status(each, StatusAction.Delayed), mail.Limits)),
            "Complaint" => Recipients(root, "complaint", "complainedRecipients")
                .Select(each => new MailReport(Complained(root.GetProperty("complaint"))) { Recipient = Text(each, "emailAddress") }),
            "Delivery" => Recipients(root, "delivery", "recipients").Select(each => Delivered(root, each, mail, bounces)),
            _ => [],
        }).Take(mail.Limits.MaxReports).Select(report => report with { MessageId = messageId })];
    }

    private static RecipientStatus Status(JsonElement root, JsonElement recipient)
    {
        var status = Status(recipient, StatusAction.Failed);
        // The server's own words are there where it sent a report; else the type is all that is known.
        if (status.Status.IsNone && ReplyFinder.Reply(status.Diagnostic, out _) is null)
            status.Status = Text(root.GetProperty("bounce"), "bounceType") switch
            {
                "Permanent" => new EnhancedCode(5, 0, 0),
                "Transient" or "Undetermined" => new EnhancedCode(4, 0, 0),
                _ => default,
            };
        return status;
    }

    private static RecipientStatus Status(JsonElement recipient, StatusAction action) => new()
    {
        Final = Text(recipient, "emailAddress"), Action = action, Status = ReplyFinder.Status(Text(recipient, "status") ?? ""),
        Diagnostic = (Text(recipient, "diagnosticCode") ?? "").Replace("smtp;", "", StringComparison.OrdinalIgnoreCase).Trim(),
    };

    // It gives the Feedback-Type of the report that it got.
    private static ReportKind Complained(JsonElement complaint) => FeedbackReader.Kind(Text(complaint, "complaintFeedbackType"));

    private static MailReport Delivered(JsonElement root, JsonElement recipient, ReceivedMail mail, BounceReader bounces) =>
        bounces.Read(new RecipientStatus
        {
            Final = recipient.ValueKind == JsonValueKind.String ? recipient.GetString() : null, Action = StatusAction.Delivered,
            Diagnostic = root.TryGetProperty("delivery", out var delivery) ? Text(delivery, "smtpResponse") ?? "" : "",
        }, mail.Limits);

    private static IEnumerable<JsonElement> Recipients(JsonElement root, string type, string name) =>
        root.TryGetProperty(type, out var body) && body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var recipients)
            && recipients.ValueKind == JsonValueKind.Array
                ? recipients.EnumerateArray()
                : [];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
