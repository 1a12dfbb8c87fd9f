using System.Globalization;
using StackExchange.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Scripts;

namespace Webcluster.Queue.Redis.Shards;

/// <summary>
/// One hash slot of the store. A provider's lanes, sessions and deliveries live together on one shard, so that one script sees them all.
/// Puts in front of each script's arguments what all scripts want.
/// </summary>
/// <param name="clock">What stands for the store's clock; null: its own.</param>
internal sealed class Shard(int number, RedisLink link, int siteConnections, TimeProvider? clock)
{
    private const int Common = 2;

    // No key has either of these names. Of two keys a server that moves the slot away, or gets it, says TRYAGAIN: with one alone it
    // would send the script on to where only a part of the shard is, and that would run there.
    private readonly RedisKey[] _keys = [PrefixOf(number), $"{PrefixOf(number)}:whole"];

    public int Number => number;

    /// <summary>Hears when a lane can be claimed that could not before.</summary>
    public string WakeChannel => $"{PrefixOf(number)}:wake";

    /// <summary>Hears when a rule has something to be done.</summary>
    public string RuleChannel => $"{PrefixOf(number)}:bell";

    /// <summary>In front of all keys of a shard. Its hash tag is the shard's number.</summary>
    public static string PrefixOf(int number) => string.Create(CultureInfo.InvariantCulture, $"wc:{{{number}}}");

    /// <exception cref="RedisTroubleException">Whatever went wrong.</exception>
    public Task<RedisResult> RunAsync(RedisScript script, params ReadOnlySpan<RedisValue> arguments) =>
        CarryAsync(script, octets: 0, arguments);

    /// <param name="octets">Of content among the arguments.</param>
    /// <exception cref="RedisTroubleException">Whatever went wrong.</exception>
    public Task<RedisResult> CarryAsync(RedisScript script, long octets, ReadOnlySpan<RedisValue> arguments)
    {
        var all = new RedisValue[Common + arguments.Length];
        all[0] = clock is null ? 0 : StoreTime.Microseconds(clock.GetUtcNow());
        all[1] = siteConnections;
        arguments.CopyTo(all.AsSpan(Common));
        return link.RunAsync(script, _keys, all, octets);
    }
}
