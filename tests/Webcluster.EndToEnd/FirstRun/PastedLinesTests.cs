using System.Globalization;
using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.FirstRun;

/// <summary>A newcomer starts the program without any configuration and pastes what it prints.</summary>
public sealed class PastedLinesTests
{
    [PeerFact("swaks", "curl", "bash")]
    public async Task FirstRun_PastedLines_DeliverToTheSimulator()
    {
        using var folder = new TemporaryFolder();
        var environment = Environment(folder);
        await using var node = ChildProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "webcluster.dll")], environment);
        await node.WaitForAsync("curl ", TimeSpan.FromSeconds(30));

        foreach (var tool in new[] { "swaks ", "curl " })
        {
            await node.WaitForAsync(tool, TimeSpan.FromSeconds(5));
            var line = Pasted(node.Output, tool);
            var ran = await Tool.RunAsync("bash", ["-c", line]);
            ran.ExitCode.ShouldBe(0, $"{line}\n{ran}\n{node.Output}");
        }

        for (var i = 0; i < 100 && Delivered(node.Output) < 2; i++) await Task.Delay(50);
        Delivered(node.Output).ShouldBe(2, node.Output);
        node.Output.ShouldMatch(@"delivered [0-9a-f-]{36} to <.+> via \S+ \(.*\): 250 .* in \d+ ms");
        Directory.EnumerateFiles(folder.Path, "*.pem", SearchOption.AllDirectories).Where(file => !file.EndsWith("cert.pem", StringComparison.Ordinal))
            .ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        (await node.StopAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        node.ExitCode.ShouldBe(0, node.Output);
    }

    private static int Delivered(string output) => output.Split('\n').Count(line => line.Contains("delivered ", StringComparison.Ordinal));

    /// <summary>The command that starts with the tool's name, its continuation lines included.</summary>
    private static string Pasted(string output, string tool)
    {
        var lines = output.Split('\n').Select(line => line.Trim()).SkipWhile(line => !line.StartsWith(tool, StringComparison.Ordinal) && !line.Contains($"| {tool}", StringComparison.Ordinal)).ToList();
        var end = lines.FindIndex(line => !line.EndsWith('\\'));
        return string.Join('\n', lines.Take(end + 1));
    }

    private static Dictionary<string, string> Environment(TemporaryFolder folder) => new(StringComparer.Ordinal)
    {
        ["XDG_STATE_HOME"] = folder.Path,
        ["WEBCLUSTER__SUBMISSION__LISTENERS__0__ADDRESS"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports.Free()}"),
        ["WEBCLUSTER__SUBMISSION__LISTENERS__1__ADDRESS"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports.Free()}"),
        ["WEBCLUSTER__HTTP__LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports.Free()}"),
        ["WEBCLUSTER__SIMULATOR__LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports.Free()}"),
    };
}
