using System.Diagnostics;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>What the categorization fields of the Elastic Common Schema say of a kind of event.</summary>
/// <param name="Outcome">Null: it has none.</param>
internal sealed record EcsKind(string Category, string Type, string? Outcome)
{
    private const string Success = "success", Failure = "failure", Unknown = "unknown";

    public static EcsKind Of(MailEventKind kind) => kind switch
    {
        MailEventKind.Accepted or MailEventKind.Delivered => Mail(Success),
        // The attempt failed; the recipient's delivery has not.
        MailEventKind.Deferred => Mail(Failure),
        MailEventKind.Bounced or MailEventKind.BouncedLater or MailEventKind.Expired or MailEventKind.Suppressed
            or MailEventKind.Dropped => Mail(Failure),
        MailEventKind.PossibleDuplicate => Mail(Unknown),
        MailEventKind.Complained or MailEventKind.Unsubscribed or MailEventKind.Held or MailEventKind.Moved => Mail(null),
        MailEventKind.LimitChanged or MailEventKind.SourceChanged => new EcsKind("configuration", "change", null),
        _ => throw new UnreachableException(),
    };

    // The only type that the schema has for email.
    private static EcsKind Mail(string? outcome) => new("email", "info", outcome);
}
