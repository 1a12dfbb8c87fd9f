using System.Globalization;
using StackExchange.Redis;
using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Records;

/// <summary>What one shard has behind a cursor.</summary>
/// <param name="From">The id of the last event before, and how many there were up to it: 0 where that is not known.</param>
/// <param name="Added">How many events the shard ever had.</param>
/// <param name="Kept">How many of them it still has.</param>
internal sealed record EventPart(int Shard, (string Id, long Position) From, long Added, long Kept, RedisResult[] Entries)
{
    private long Gone => Added - Kept;

    /// <summary>Events behind the cursor that are kept no more.</summary>
    public long Missed => From.Position > 0 ? Math.Max(0, Gone - From.Position) : 0;

    public string IdOf(int entry) => Entries[entry].Items(least: 2)[0].Text();

    /// <summary>When an entry was stored, in milliseconds since 1970.</summary>
    public long TimeOf(int entry) => IdOf(entry) is var id && long.TryParse(
        id.AsSpan(0, Math.Max(0, id.IndexOf('-', StringComparison.Ordinal))), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
        ? time : throw Reply.Bad("an event with another id");

    /// <summary>The cursor behind so many of the entries.</summary>
    /// <param name="share">How many were asked for.</param>
    public (string Id, long Position) Behind(int taken, int share)
    {
        if (taken == 0) return From;
        var isAll = taken == Entries.Length && taken < share;
        var position = From.Id.Length == 0 || From.Position > 0 ? Math.Max(From.Position, Gone) + taken : isAll ? Added : 0;
        return (IdOf(taken - 1), position);
    }
}
