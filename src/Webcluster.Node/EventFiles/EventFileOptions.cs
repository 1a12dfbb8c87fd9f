using Webcluster.Node.EventFiles.Formats;
using Webcluster.Protocol.Units;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles;

/// <summary>
/// A file into which the node writes what it made happen, a line for each event, for whatever collects files. Each node writes its own. See
/// events.md.
/// </summary>
public sealed class EventFileOptions
{
    private const int MostKept = 10_000;
    private static readonly ByteSize LeastSize = ByteSize.FromMebibytes(1);

    /// <summary>The file. Its folder must be there.</summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// ecs: lines of JSON in the names of the Elastic Common Schema; accounting: CSV with the columns of PowerMTA's accounting files.
    /// Default ecs.
    /// </summary>
    public EventFileFormat Format { get; set; }

    /// <summary>Only these kinds. None: all that the format has a form for.</summary>
    public List<MailEventKind> Events { get; set; } = [];

    /// <summary>Only events of this tenant's mail. Empty: all events.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>
    /// Before the file grows beyond this it is rolled: it gets the time as part of its name, and a new one is begun. Default 256MiB; 0:
    /// never.
    /// </summary>
    public ByteSize MaxSize { get; set; } = ByteSize.FromMebibytes(256);

    /// <summary>It is rolled each day (UTC), too.</summary>
    public bool Daily { get; set; }

    /// <summary>So many rolled files are kept, the newest. Default 20.</summary>
    public int Keep { get; set; } = 20;

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Path.Length == 0) yield return ("path", "is needed");
        if (MaxSize.Octets != 0 && MaxSize.Octets < LeastSize.Octets) yield return ("max_size", $"must be 0 or at least {LeastSize}");
        if (Keep is < 1 or > MostKept) yield return ("keep", $"must be 1 to {MostKept}");
        foreach (var (index, kind) in Events.Index())
            if (!EventFormats.Has(Format, kind))
                yield return ($"events[{index}]", $"{EventWords.Of(kind)} has no record in an accounting file");
    }

    /// <summary>What is wrong with several files beside each other.</summary>
    internal static IEnumerable<(string Key, string Problem)> SharedProblems(IReadOnlyList<EventFileOptions> all)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, one) in all.Index())
            if (one.Path.Length > 0 && !paths.Add(one.Path))
                yield return ($"event_files[{index}].path", $"another entry writes {one.Path}");
    }

    /// <summary>Whether the file can be written. Makes none: who checks may be another user than who writes.</summary>
    internal string? FileProblem()
    {
        if (Path.Length == 0) return null;
        var folder = System.IO.Path.GetDirectoryName(Path);
        if (Directory.Exists(Path)) return $"{Path} is a folder";
        if (!Directory.Exists(folder)) return $"{folder} does not exist";
        try
        {
            if (File.Exists(Path)) File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            // Rolling needs it in any case.
            var probe = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(Path)}.{Environment.ProcessId}.check");
            File.OpenHandle(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose).Dispose();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"{Path} cannot be written: {error.Message}";
        }
    }

    /// <summary>Without problems.</summary>
    internal EventFile ToFile() => new(Path, Format)
    {
        Kinds = (Events.Count > 0 ? Events : Enum.GetValues<MailEventKind>().Where(kind => EventFormats.Has(Format, kind))).ToHashSet(),
        Tenant = Tenant.Length > 0 ? Tenant : null,
        MaxSize = MaxSize.Octets > 0 ? MaxSize.Octets : long.MaxValue,
        IsDaily = Daily,
        Keep = Keep,
    };
}
