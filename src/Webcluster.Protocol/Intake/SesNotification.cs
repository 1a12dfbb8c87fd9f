using System.Text.Json;
using Webcluster.Protocol.Bounces;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Intake;

/// <summary>A notification of Amazon SES that comes by mail: JSON, alone or as the Message of an SNS notification.</summary>
internal static class SesNotification
{
    private const int MaxDepth = 16;

    /// <summary>Empty where the mail is none.</summary>
    public static IReadOnlyList<MailReport> Read(ReceivedMail mail, BounceReader bounces)
    {
        if (mail.Lines.FirstOrDefault(line => line.Length > 0)?.TrimStart().StartsWith('{') != true) return [];
        // Whoever folded its lines broke its strings.
        var text = string.Concat(mail.Lines);
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
                .Select(each => new MailReport(ReportKind.Complaint) { Recipient = Text(each, "emailAddress") }),
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
