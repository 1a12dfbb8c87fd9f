using Microsoft.Extensions.Logging;

namespace Webcluster.Queue.Redis;

/// <summary>Event ids 2150 to 2199. State changes only; never content.</summary>
internal static partial class RedisMailQueueLog
{
    [LoggerMessage(2150, LogLevel.Information, "Queue in Redis opened: {Shards} shards, {Messages} messages, {Deliveries} deliveries")]
    public static partial void Opened(this ILogger logger, int shards, long messages, long deliveries);

    [LoggerMessage(2151, LogLevel.Error, "Message {Message} cannot be read from the queue; its delivery is put off")]
    public static partial void Unreadable(this ILogger logger, string message);

    [LoggerMessage(2152, LogLevel.Warning, "Outcomes cannot be stored at present ({Why}); trying until they are")]
    public static partial void SettlingWaits(this ILogger logger, string why);

    [LoggerMessage(2156, LogLevel.Warning,
        "Redis had sessions of this node open that had ended: {Sessions}; deliveries given back, marked as possibly sent: {Deliveries}")]
    public static partial void SessionsCameBack(this ILogger logger, long sessions, long deliveries);
}
