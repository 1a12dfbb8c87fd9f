using StackExchange.Redis;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>What the client library throws, in our words.</summary>
internal static class RedisTroubles
{
    /// <param name="log">What the library wrote while it tried: it names the reason nowhere else.</param>
    public static RedisTroubleException Unconnected(string servers, string log) =>
        log.Contains("NOAUTH", StringComparison.Ordinal) || log.Contains("WRONGPASS", StringComparison.Ordinal)
            || log.Contains("AuthenticationFailure", StringComparison.Ordinal)
            ? new(RedisTroubleKind.Denied, mayHaveHappened: false, $"{servers} asks for another password")
            : new(RedisTroubleKind.Unavailable, mayHaveHappened: false, $"no connection to {servers}");

    public static RedisTroubleException Broken(Exception fault) =>
        new(RedisTroubleKind.Unavailable, mayHaveHappened: true, $"the connection to Redis broke: {fault.Message}", fault);

    public static RedisTroubleException Answered(string reply, Exception? fault = null) =>
        new(RedisErrorReply.KindOf(reply), RedisErrorReply.MayHaveHappened(reply), $"Redis answers: {reply}", fault);

    public static RedisTroubleException From(Exception fault) => fault switch
    {
        RedisTroubleException trouble => trouble,
        RedisServerException moved when IsAwayInCluster(moved.Message) =>
            new(RedisTroubleKind.ClusterDown, mayHaveHappened: false, moved.Message, fault),
        RedisServerException reply => Answered(reply.Message, fault),
        TimeoutException => new(RedisTroubleKind.Timeout, mayHaveHappened: true, "Redis does not answer in time", fault),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
            new(RedisTroubleKind.Denied, mayHaveHappened: false, $"Redis lets nobody in with this password: {fault.Message}", fault),
        // Nothing was sent: there was no connection to send it on.
        RedisConnectionException { FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection } =>
            new(RedisTroubleKind.Unavailable, mayHaveHappened: false, $"no connection to Redis: {fault.Message}", fault),
        // The library refused to send it.
        RedisCommandException => new(RedisTroubleKind.Unavailable, mayHaveHappened: false, fault.Message, fault),
        RedisException or ObjectDisposedException or OperationCanceledException =>
            Broken(fault),
        _ => new(RedisTroubleKind.BadReply, mayHaveHappened: true, $"unexpected: {fault.Message}", fault),
    };

    // The library's own words, where a server sent it on (MOVED) to one that it cannot reach.
    private static bool IsAwayInCluster(string message) =>
        message.StartsWith("Endpoint ", StringComparison.Ordinal) && message.Contains(" serving hashslot ", StringComparison.Ordinal);
}
