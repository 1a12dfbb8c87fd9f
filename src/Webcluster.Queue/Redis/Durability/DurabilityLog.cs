using Microsoft.Extensions.Logging;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>Event ids 2110 to 2149. State changes only.</summary>
internal static partial class DurabilityLog
{
    [LoggerMessage(2110, LogLevel.Information, "Redis keeps what is stored ({Mode}): mail is accepted")]
    public static partial void Durable(this ILogger logger, DurabilityMode mode);

    [LoggerMessage(2111, LogLevel.Error, "Redis does not keep what is stored ({State}): {Why}. Mail is refused")]
    public static partial void NotDurable(this ILogger logger, DurabilityState state, string why);

    [LoggerMessage(2112, LogLevel.Information, "Redis is not ready for mail yet ({State}): {Why}. Mail is refused until then")]
    public static partial void NotYet(this ILogger logger, DurabilityState state, string why);

    [LoggerMessage(2113, LogLevel.Warning, "{Server} does not tell its {Settings}: whether it keeps what is stored could not be checked")]
    public static partial void Unchecked(this ILogger logger, string server, string settings);

    [LoggerMessage(2114, LogLevel.Critical,
        "Redis has lost mail: {Why}. Mail is refused. Restore the data and restart Redis, or go on with what is there: "
        + "webcluster queue accept-loss")]
    public static partial void DataLost(this ILogger logger, string why);

    [LoggerMessage(2115, LogLevel.Warning, "The loss of data in Redis was accepted by an operator: the queue goes on with what is there")]
    public static partial void LossAccepted(this ILogger logger);

    [LoggerMessage(2116, LogLevel.Information, "{Server} has started: asked it to rewrite its AOF before mail is accepted")]
    public static partial void RewriteAsked(this ILogger logger, string server);

    [LoggerMessage(2117, LogLevel.Warning,
        "{Server} does not rewrite its AOF ({Why}); set aof-load-truncated no in redis.conf and start it again, then it need not")]
    public static partial void RewriteRefused(this ILogger logger, string server, string why);

    [LoggerMessage(2118, LogLevel.Warning, "Replicas of {Server} have not acknowledged in time: mail was refused")]
    public static partial void NotReplicated(this ILogger logger, string server);

    [LoggerMessage(2119, LogLevel.Information,
        "There is no {File} yet: an older store in the place of the one that was would be noticed only from now on")]
    public static partial void EpochsUnknown(this ILogger logger, string file);

    [LoggerMessage(2120, LogLevel.Warning,
        "{File} cannot be read ({Why}): an older store in the place of the one that was would be noticed only from now on")]
    public static partial void EpochsUnreadable(this ILogger logger, string file, string why);

    [LoggerMessage(2121, LogLevel.Warning, "{File} cannot be written ({Why}): after a restart an older store may go unnoticed")]
    public static partial void EpochsUnwritten(this ILogger logger, string file, string why);
}
