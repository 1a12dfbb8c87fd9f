using System.Diagnostics;
using System.Globalization;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>What PowerMTA's accounting has of an event, for one recipient.</summary>
/// <param name="Type">d delivered, b bounced, t not yet, r received, rb bounced later, f complaint.</param>
internal readonly record struct AccountingRecord(string Type, MailEvent Event, string? Recipient, string? SourceAddress)
{
    /// <summary>The day, the time and how far it is from UTC.</summary>
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss'+0000'";

    public string TimeLogged => Text(Event.At);

    public string? TimeQueued => (Type, Event.QueuedMs) switch
    {
        ("r", _) => Text(Event.At),
        (_, { } ms) => Text(Event.At - TimeSpan.FromMilliseconds(ms)),
        _ => null,
    };

    public string? Action => Type switch
    {
        "d" => "relayed",
        "b" or "rb" => "failed",
        "t" => "delayed",
        _ => null,
    };

    public string? Status => EventWords.Status(Event) ?? Type switch
    {
        "d" => "2.0.0",
        "b" or "rb" => "5.0.0",
        "t" => "4.0.0",
        _ => null,
    };

    // rfc3464#2.3.6: a type, then what it said; what no server said is of a type of our own.
    public string? Diagnostic =>
        Event.Reply is { } reply ? $"{(EventWords.HasReplyCode(reply) ? "smtp" : "x-webcluster")};{reply}" : null;

    public string? RemoteHost => (Event.Host, Event.Address) switch
    {
        ({ } host, { } address) => $"{host} ({address})",
        ({ } host, null) => host,
        var (_, address) => address,
    };

    /// <summary>What was tried in a session, or should have been.</summary>
    public string? DeliveryType => Type is "d" or "b" or "t" && RemoteHost is not null ? "smtp" : null;

    /// <summary>As PowerMTA names its queues: the recipient's domain, and the identity that the mail leaves from.</summary>
    public string? Queue => (Recipient, Event.Source) switch
    {
        ({ } recipient, { } source) => $"{Domain(recipient)}/{source}",
        ({ } recipient, null) => Domain(recipient),
        _ => null,
    };

    /// <summary>Null: accounting has no record for it.</summary>
    public static string? TypeOf(MailEventKind kind) => kind switch
    {
        MailEventKind.Accepted => "r",
        MailEventKind.Delivered => "d",
        MailEventKind.Deferred => "t",
        MailEventKind.Bounced or MailEventKind.Expired or MailEventKind.Suppressed => "b",
        MailEventKind.BouncedLater => "rb",
        MailEventKind.Complained => "f",
        MailEventKind.Unsubscribed or MailEventKind.Held or MailEventKind.Moved or MailEventKind.Dropped
            or MailEventKind.PossibleDuplicate or MailEventKind.LimitChanged or MailEventKind.SourceChanged => null,
        _ => throw new UnreachableException(),
    };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string Domain(string address) => address[(address.LastIndexOf('@') + 1)..];
}
