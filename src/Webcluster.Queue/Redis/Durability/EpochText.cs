using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Epochs as a file has them: a line that names the version, then for each shard a line with its number, its highest epoch, and "lost"
/// where it has gone back. Frozen.
/// </summary>
internal static class EpochText
{
    private const string Version = "webcluster queue-epoch 1";
    private const string Lost = "lost";

    public static string Encode(IReadOnlyList<ShardEpoch> shards)
    {
        var text = new StringBuilder(Version).Append('\n');
        for (var shard = 0; shard < shards.Count; shard++)
            text.Append(CultureInfo.InvariantCulture, $"{shard} {shards[shard].Highest}{(shards[shard].IsLost ? $" {Lost}" : "")}\n");
        return text.ToString();
    }

    /// <returns>False where it is not whole, of another version, or of another number of shards.</returns>
    public static bool TryDecode(string text, int shards, [NotNullWhen(true)] out ShardEpoch[]? epochs)
    {
        epochs = null;
        // The last line ends too.
        var lines = text.Split('\n', shards + 3);
        if (lines.Length != shards + 2 || lines[0] != Version || lines[^1].Length > 0)
            return false;
        var read = new ShardEpoch[shards];
        for (var shard = 0; shard < shards; shard++)
            if (!TryDecodeLine(lines[shard + 1], shard, out read[shard]))
                return false;
        epochs = read;
        return true;
    }

    private static bool TryDecodeLine(string line, int shard, out ShardEpoch epoch)
    {
        epoch = default;
        var fields = line.Split(' ', 4);
        if (fields.Length is < 2 or > 3 || (fields.Length == 3 && fields[2] != Lost)
            || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number != shard
            || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var highest))
            return false;
        epoch = new ShardEpoch(highest, IsLost: fields.Length == 3);
        return true;
    }
}
