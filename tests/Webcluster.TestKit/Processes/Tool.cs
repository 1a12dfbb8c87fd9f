using System.Diagnostics;

namespace Webcluster.TestKit.Processes;

/// <summary>Runs a tool that nobody here wrote, to its end.</summary>
public static class Tool
{
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    public static async Task<Ran> RunAsync(string file, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Find(file) ?? file, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(Bound);
        var output = process.StandardOutput.ReadToEndAsync(bound.Token);
        var errors = process.StandardError.ReadToEndAsync(bound.Token);
        if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), bound.Token);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(bound.Token);
            return new Ran(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException late)
        {
            process.Kill();
            throw new TimeoutException($"{file} did not end in {Bound.TotalSeconds} s", late);
        }
    }

    /// <summary>Where a tool is; daemons stand in folders that a user's PATH may lack.</summary>
    public static string? Find(string name)
    {
        if (name.Contains('/')) return File.Exists(name) ? name : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}

public sealed record Ran(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of its output, which must be this many.</summary>
    public string[] Lines(int count)
    {
        var lines = Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return ExitCode == 0 && lines.Length == count ? lines : throw new InvalidOperationException($"{count} lines expected\n{this}");
    }

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
