using System.Text;

namespace Webcluster.Chaos.Cluster;

/// <summary>
/// What a crash may leave at the end of an append-only file: the beginning of a transaction whose client never got an answer. Cutting the
/// file instead would take back writes that were acknowledged, which no server that syncs does.
/// </summary>
internal static class AofTail
{
    private const string Key = "chaos:torn";

    /// <param name="folder">Of a Redis that is not running.</param>
    public static void Tear(string folder)
    {
        var file = Directory.EnumerateFiles(Path.Combine(folder, "appendonlydir"), "*.incr.aof").MaxBy(File.GetLastWriteTimeUtc)!;
        var whole = Command("MULTI") + Command("SET", Key, "1") + Command("SET", Key, "2") + Command("EXEC");
        var torn = whole[..^(Command("EXEC").Length + 5)];
        using var stream = new FileStream(file, FileMode.Append);
        stream.Write(Encoding.ASCII.GetBytes(torn));
    }

    private static string Command(params string[] words) =>
        $"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"));
}
