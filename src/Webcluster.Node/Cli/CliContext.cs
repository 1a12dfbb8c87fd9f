using System.Collections;

namespace Webcluster.Node.Cli;

/// <summary>What a command sees of the world around it.</summary>
internal sealed record CliContext(
    TextReader In, TextWriter Out, TextWriter Error, IReadOnlyDictionary<string, string> Environment, string WorkingFolder)
{
    public static CliContext OfProcess() => new(
        Console.In, Console.Out, Console.Error,
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!),
        Directory.GetCurrentDirectory());

    /// <summary>Says on one line why a command failed.</summary>
    public int Fail(string reason, int exitCode = ExitCode.Error)
    {
        Error.WriteLine($"webcluster: {reason.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}

internal static class ExitCode
{
    public const int Ok = 0;
    public const int Error = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;

    public const int NothingMatched = 3;
}
