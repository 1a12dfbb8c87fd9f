using System.Net;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>One server behind the link, asked for itself rather than for its keys.</summary>
/// <param name="Point">Where it is.</param>
internal sealed record RedisServer(RedisLink Link, EndPoint Point)
{
    public string Name => RedisConfiguration.Name(Point);

    /// <summary>The text of INFO, default sections.</summary>
    /// <exception cref="RedisTroubleException">Whatever went wrong.</exception>
    public Task<string> InfoAsync() => Link.CallAsync(connection => connection.InfoAsync(Point));

    /// <summary>CONFIG GET of a pattern.</summary>
    /// <exception cref="RedisTroubleException">Whatever went wrong; <see cref="RedisTroubleKind.Denied"/> where the server does not
    /// tell.</exception>
    public Task<KeyValuePair<string, string>[]> ConfigAsync(string pattern) =>
        Link.CallAsync(connection => connection.ConfigAsync(Point, pattern));

    /// <summary>Asks for BGREWRITEAOF. What came of it is to be seen in INFO: the answers of servers differ.</summary>
    /// <exception cref="RedisTroubleException">Whatever went wrong; one may be under way all the same.</exception>
    public Task RewriteAsync() => Link.CallAsync(connection => connection.RewriteAsync(Point));
}
