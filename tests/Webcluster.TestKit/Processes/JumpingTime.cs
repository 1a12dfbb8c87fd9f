using System.Globalization;
using System.Runtime.Versioning;

namespace Webcluster.TestKit.Processes;

/// <summary>
/// By Debian's libfaketime: the clocks of all programs that are started with it go as in truth, and jump ahead together.
/// </summary>
/// <param name="folder">For a small file.</param>
[UnsupportedOSPlatform("windows")]
public sealed class JumpingTime(TemporaryFolder folder)
{
    private readonly string _file = folder.Write("time-ahead", "+0.0\n");

    /// <summary>Of the true time.</summary>
    public TimeSpan Ahead { get; private set; }

    public DateTimeOffset Now => DateTimeOffset.UtcNow + Ahead;

    /// <summary>Variables that a program needs in its environment.</summary>
    /// <exception cref="InvalidOperationException">libfaketime is not installed.</exception>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = FastTime.Library ?? throw new InvalidOperationException("libfaketime is not installed (Debian: faketime)"),
        ["FAKETIME_TIMESTAMP_FILE"] = _file, ["FAKETIME_NO_CACHE"] = "1",
    };

    /// <summary>At once, for all of them.</summary>
    public void JumpTo(DateTimeOffset time)
    {
        Ahead = time - DateTimeOffset.UtcNow;
        // No program may read half of it.
        File.WriteAllText(_file + ".new", string.Create(CultureInfo.InvariantCulture, $"+{Ahead.TotalSeconds:0.000}\n"));
        File.Move(_file + ".new", _file, overwrite: true);
    }
}
