using System.Globalization;

namespace Webcluster.Queue.Redis.Records;

/// <summary>
/// How far somebody has read on each shard: "shard.id.position", separated by commas; the position is how many events there were up to that
/// one, 0 where that is not known.
/// </summary>
internal sealed class EventCursor
{
    private readonly SortedDictionary<int, (string Id, long Position)> _shards = [];

    /// <returns>Null where the text is none.</returns>
    public static EventCursor? Parse(string? text)
    {
        var cursor = new EventCursor();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('.') is not [var shard, var id, var position]
                || !int.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || !IsId(id) || !long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var known))
                return null;
            cursor._shards[number] = (id, known);
        }
        return cursor;
    }

    /// <summary>The id is empty where nothing was read.</summary>
    public (string Id, long Position) this[int shard]
    {
        get => _shards.GetValueOrDefault(shard, ("", 0));
        set
        {
            if (value.Id.Length > 0) _shards[shard] = value;
        }
    }

    public override string ToString() => string.Join(',', _shards.Select(each =>
        string.Create(CultureInfo.InvariantCulture, $"{each.Key}.{each.Value.Id}.{each.Value.Position}")));

    private static bool IsId(string text) => text.Split('-') is [var time, var number]
        && ulong.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
