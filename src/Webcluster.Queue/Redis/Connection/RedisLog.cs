using Microsoft.Extensions.Logging;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>Event ids 2100 to 2109. State changes only; never passwords nor content.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(2100, LogLevel.Information, "Connected to Redis: {Servers}")]
    public static partial void RedisConnected(this ILogger logger, string servers);

    [LoggerMessage(2101, LogLevel.Error, "Redis cannot be used ({Why}): mail is refused and nothing new is delivered until it can")]
    public static partial void RedisLost(this ILogger logger, string why);
}
