using System.Globalization;

namespace Webcluster.Node.EventFiles.Writing;

/// <summary>
/// Rolled files stand beside their file and have the time in their name: events.json becomes events-20261122T023456Z.json, with "-2", "-3" ...
/// where there is one of that second.
/// </summary>
internal static class RolledFiles
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int TimeLength = 16;

    /// <returns>The name it has now.</returns>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public static string Roll(string path, DateTimeOffset now)
    {
        var (stem, extension) = Parts(path);
        var of = $"{stem}-{now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}";
        var rolled = of + extension;
        for (var number = 2; File.Exists(rolled); number++) rolled = $"{of}-{number.ToString(CultureInfo.InvariantCulture)}{extension}";
        File.Move(path, rolled);
        return rolled;
    }

    /// <summary>Removes all but the newest. Other files are never touched, however much alike their names are.</summary>
    /// <exception cref="IOException">One cannot be removed.</exception>
    public static void Trim(string path, int keep)
    {
        foreach (var (old, _) in All(path).OrderByDescending(each => each.Place).Skip(keep)) File.Delete(old);
    }

    private static IEnumerable<(string Path, (DateTime, int) Place)> All(string path)
    {
        var (stem, extension) = Parts(path);
        foreach (var found in Directory.EnumerateFiles(Path.GetDirectoryName(path)!))
            if (found.Length > stem.Length + extension.Length && found.StartsWith($"{stem}-", StringComparison.Ordinal)
                && found.EndsWith(extension, StringComparison.Ordinal) && PlaceOf(found[(stem.Length + 1)..^extension.Length]) is { } place)
                yield return (found, place);
    }

    /// <summary>"20261122T023456Z" or "20261122T023456Z-2"; null where it is neither.</summary>
    private static (DateTime, int)? PlaceOf(string name)
    {
        if (name.Length < TimeLength) return null;
        var isTime = DateTime.TryParseExact(
            name.AsSpan(0, TimeLength), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        var rest = name.AsSpan(TimeLength);
        if (!isTime) return null;
        if (rest.IsEmpty) return (time, 1);
        var isNumber = int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return rest[0] == '-' && isNumber ? (time, number) : null;
    }

    private static (string Stem, string Extension) Parts(string path)
    {
        var extension = Path.GetExtension(path);
        return (path[..^extension.Length], extension);
    }
}
