using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;

namespace Webcluster.Submission;

/// <summary>What people read of what comes back; ids 1100 to 1199.</summary>
internal static partial class WayBackLog
{
    [LoggerMessage(1100, LogLevel.Information, "<{Address}> wants no more mail of tenant {Tenant} ({Way})")]
    public static partial void Unsubscribed(this ILogger log, Mailbox address, string tenant, string way);

    [LoggerMessage(1102, LogLevel.Information,
        "Came back: {Kind} of {Message} for <{Recipient}>: status {Status}, class {Bounce}, suppressed: {Suppressed}")]
    public static partial void Returned(
        this ILogger log, MailEventKind kind, MessageId message, string? recipient, string? status, string? bounce, bool suppressed);

    [LoggerMessage(1103, LogLevel.Information, "Mail to <{Address}> ({Kind}) is about no message that is known to be ours: taken and forgotten")]
    public static partial void ReturnUnmatched(this ILogger log, Mailbox address, string kind);

    [LoggerMessage(1104, LogLevel.Warning, "A report that came back is refused for now: {Why}")]
    public static partial void ReturnsNotStored(this ILogger log, string why);

    [LoggerMessage(1101, LogLevel.Debug, "{Message} gets no unsubscribe links: it has {Recipients} recipients, and links are one person's")]
    public static partial void UnsubscribeLinksLeftOut(this ILogger log, MessageId message, int recipients);
}
