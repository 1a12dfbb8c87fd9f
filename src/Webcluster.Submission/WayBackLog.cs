using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Messages;

namespace Webcluster.Submission;

/// <summary>What people read of what comes back; ids 1100 to 1199.</summary>
internal static partial class WayBackLog
{
    [LoggerMessage(1100, LogLevel.Information, "<{Address}> wants no more mail of tenant {Tenant} ({Way})")]
    public static partial void Unsubscribed(this ILogger log, Mailbox address, string tenant, string way);

    [LoggerMessage(1101, LogLevel.Debug, "{Message} gets no unsubscribe links: it has {Recipients} recipients, and links are one person's")]
    public static partial void UnsubscribeLinksLeftOut(this ILogger log, MessageId message, int recipients);
}
