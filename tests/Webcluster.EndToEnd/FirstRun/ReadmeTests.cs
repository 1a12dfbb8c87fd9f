using System.Globalization;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.EndToEnd.TransportSecurity;
using Webcluster.TestKit;

namespace Webcluster.EndToEnd.FirstRun;

/// <summary>An operator types what the README says under "Run it for real"; only ports and the folder for state are others.</summary>
public sealed class ReadmeTests
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, "webcluster.dll");

    [PeerFact("swaks", "bash")]
    public async Task RunItForReal_AsWritten_TakesMailOfTheUserThatWasMade()
    {
        using var folder = new TemporaryFolder();
        using var workshop = new CertificateWorkshop();
        var (configuration, commands) = await ReadAsync();
        var certificate = workshop.Issue("mta1.example.com");
        folder.Write("webcluster.yaml", configuration);
        folder.Write("fullchain.pem", certificate.Pem);
        folder.Write("key.pem", certificate.KeyPem);
        var port = Ports.Free();
        var environment = Environment(folder, port);

        var printed = new List<string>();
        foreach (var command in commands[..^1])
        {
            var ran = await Tool.RunAsync("bash", ["-c", $"cd '{folder.Path}' && dotnet {command}"], environment: environment);
            ran.ExitCode.ShouldBe(0, $"{command}\n{ran}");
            printed.Add(ran.Output.Trim());
        }

        printed[0].ShouldStartWith("s2026._domainkey.shop.example. IN TXT");
        var password = printed[1];
        await using var node = ChildProcess.Start("dotnet", [Program], environment, folder.Path);
        await Ports.WaitForAsync(port, TimeSpan.FromSeconds(30), () => node.Output);
        var sent = await Tool.RunAsync("swaks", [
            "--server", $"127.0.0.1:{port}", "--tls", "--auth-user", "shop", "--auth-password", password, "--from", "order@shop.example",
            "--to", "anna@customer.invalid", "--quit-after", "RCPT"]);
        sent.ExitCode.ShouldBe(0, $"{sent}\n{node.Output}");
    }

    /// <summary>The configuration, and the commands in their order, the one that runs the node last.</summary>
    private static async Task<(string Configuration, List<string> Commands)> ReadAsync()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "README.md"));
        var chapter = readme.Split("\n## Run it for real\n")[1];
        var configuration = chapter.Split("```yaml\n")[1].Split("```")[0];
        var commands = chapter.Split('\n').Where(line => line.StartsWith("    webcluster", StringComparison.Ordinal))
            .Select(line => line.Trim().Replace("webcluster", Program, StringComparison.Ordinal)).ToList();
        commands[^1].ShouldBe(Program);
        return (configuration, commands);
    }

    private static Dictionary<string, string> Environment(TemporaryFolder folder, int port) => new(StringComparer.Ordinal)
    {
        ["WEBCLUSTER__NODE__STATE_FOLDER"] = folder.PathOf("state"),
        ["WEBCLUSTER__SUBMISSION__LISTENERS__0__ADDRESS"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
        ["WEBCLUSTER__SUBMISSION__LISTENERS__1__ADDRESS"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports.Free()}"),
        ["WEBCLUSTER__HTTP__LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports.Free()}"),
    };
}
