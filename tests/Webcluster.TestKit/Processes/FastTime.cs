using System.Globalization;

namespace Webcluster.TestKit.Processes;

/// <summary>
/// Debian's libfaketime: for a program that is started with it, all clocks and waits run so many times faster. Programs that began with the
/// same two numbers at the same moment agree on the time.
/// </summary>
/// <param name="Ahead">Of the true time, when the program starts.</param>
/// <param name="Speed">1: as in truth.</param>
public readonly record struct FastTime(TimeSpan Ahead, double Speed)
{
    /// <summary>Null: it is not installed.</summary>
    public static string? Library { get; } =
        Directory.GetDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime/libfaketimeMT.so.1")).FirstOrDefault(File.Exists);

    /// <summary>As the faketime command takes it.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Ahead.TotalSeconds:+0.000;-0.000} x{Speed:0.###}");

    /// <summary>Variables that a single program needs in its environment.</summary>
    /// <exception cref="InvalidOperationException">libfaketime is not installed.</exception>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = Library ?? throw new InvalidOperationException("libfaketime is not installed (Debian: faketime)"),
        ["FAKETIME"] = Text,
    };
}
