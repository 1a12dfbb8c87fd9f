using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>What CONFIG GET says of durability. Null: the server does not tell, as managed ones do not.</summary>
internal sealed record ServerSettings(
    string? AppendOnly, string? AppendFsync, string? NoFsyncOnRewrite, string? EvictionPolicy, string? LoadTruncated)
{
    public static ServerSettings Unknown { get; } = new(null, null, null, null, null);

    /// <exception cref="RedisTroubleException">The server cannot be asked; that it may not tell is no trouble.</exception>
    public static async Task<ServerSettings> ReadAsync(RedisServer server)
    {
        try
        {
            return new ServerSettings(
                await ReadAsync(server, "appendonly"), await ReadAsync(server, "appendfsync"),
                await ReadAsync(server, "no-appendfsync-on-rewrite"),
                await ReadAsync(server, "maxmemory-policy"), await ReadAsync(server, "aof-load-truncated"));
        }
        catch (RedisTroubleException trouble) when (trouble.Kind is RedisTroubleKind.Denied or RedisTroubleKind.BadReply)
        {
            // Forbidden, or the command was renamed away.
            return Unknown;
        }
    }

    private static async Task<string?> ReadAsync(RedisServer server, string name)
    {
        foreach (var (key, value) in await server.ConfigAsync(name))
            if (string.Equals(key, name, StringComparison.Ordinal))
                return value;
        return null;
    }
}
