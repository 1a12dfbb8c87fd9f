using StackExchange.Redis;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>Reads replies of scripts. What no script of ours answers is trouble of kind <see cref="RedisTroubleKind.BadReply"/>.</summary>
internal static class Reply
{
    /// <param name="least">So many items at least.</param>
    /// <param name="stride">After those, items come in groups of so many.</param>
    public static RedisResult[] Items(this RedisResult reply, int least = 0, int stride = 1)
    {
        var items = Read(reply, static reply => (RedisResult[])reply);
        return items.Length >= least && (items.Length - least) % stride == 0 ? items : throw Bad("a list of another length");
    }

    public static long Number(this RedisResult reply) => Read(reply, static reply => (long)reply);

    public static byte[] Octets(this RedisResult reply) => Read(reply, static reply => (byte[])reply);

    public static string Text(this RedisResult reply) => Read(reply, static reply => (string)reply);

    /// <summary>Decodes what must be there.</summary>
    public static T Known<T>(T? value)
        where T : class => value ?? throw Bad("a record that cannot be read");

    public static RedisTroubleException Bad(string what) =>
        new(RedisTroubleKind.BadReply, mayHaveHappened: true, $"Redis answers {what}.");

    private static T Read<T>(RedisResult reply, Func<RedisResult, T> read)
    {
        if (reply.IsNull)
            throw Bad("nothing");
        try
        {
            return read(reply);
        }
        catch (Exception fault) when (fault is InvalidCastException or FormatException or OverflowException)
        {
            throw Bad($"with another type: {fault.Message}");
        }
    }
}
