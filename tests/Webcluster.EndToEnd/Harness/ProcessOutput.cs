namespace Webcluster.EndToEnd.Harness;

internal static class ProcessOutput
{
    /// <summary>Waits for a line of the log with all of these words: the log is written beside the work, so it may come after what it tells of.</summary>
    public static async Task SaysAsync(this ChildProcess process, params string[] words)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); !Array.Exists(process.Output.Split('\n'), line => Array.TrueForAll(words, line.Contains)); await Task.Delay(100))
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"no line with {string.Join(" and ", words)}\n{process.Output}");
    }
}
