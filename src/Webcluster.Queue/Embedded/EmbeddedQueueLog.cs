using Microsoft.Extensions.Logging;
using Webcluster.Queue.Embedded.Storage;

namespace Webcluster.Queue.Embedded;

/// <summary>Event ids 2000 to 2099. State changes only; never content.</summary>
internal static partial class EmbeddedQueueLog
{
    [LoggerMessage(2000, LogLevel.Information, "Embedded queue opened in {Folder}: {Messages} messages, {Deliveries} deliveries")]
    public static partial void Opened(this ILogger logger, string folder, long messages, long deliveries);

    [LoggerMessage(2001, LogLevel.Error, "The queue cannot be written ({Kind}): mail is refused and nothing new is delivered until it can")]
    public static partial void StoreFailing(this ILogger logger, Exception fault, StoreFaultKind kind);

    [LoggerMessage(2002, LogLevel.Information, "The queue can be written again")]
    public static partial void StoreRecovered(this ILogger logger);

    [LoggerMessage(2003, LogLevel.Warning, "Only {Free} octets are free for the queue, the floor is {Floor}: new mail is refused")]
    public static partial void SpaceLow(this ILogger logger, long free, long floor);

    [LoggerMessage(2004, LogLevel.Information, "{Free} octets are free for the queue again: mail is accepted")]
    public static partial void SpaceBack(this ILogger logger, long free);

    [LoggerMessage(2005, LogLevel.Error, "Message {Message} cannot be read from the queue; its delivery is put off")]
    public static partial void Unreadable(this ILogger logger, Exception? fault, string message);
}
