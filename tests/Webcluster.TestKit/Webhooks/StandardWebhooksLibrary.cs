using System.Diagnostics;
using System.Text.Json;
using Webcluster.TestKit.Processes;
using Xunit;

namespace Webcluster.TestKit.Webhooks;

/// <summary>The JavaScript library of Standard Webhooks, which verifies what receivers would.</summary>
public static class StandardWebhooksLibrary
{
    private const string Package = "standardwebhooks";
    private const string Version = "1.1.1";

    private const string Program = """
        const { Webhook } = require('standardwebhooks');
        const { secret, requests } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        for (const { headers, body } of requests) {
            try { new Webhook(secret).verify(body, headers); console.log('good'); }
            catch (error) { console.log('bad: ' + error.message); }
        }
        """;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"webcluster-test-{Package}-{Version}");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly Lazy<string?> Problem = new(Install);

    /// <summary>Null where it can be used.</summary>
    public static string? Missing => Problem.Value;

    /// <returns>For each request "good", or "bad" with the reason.</returns>
    public static async Task<IReadOnlyList<string>> VerifyAsync(string secret, IReadOnlyList<Received> requests)
    {
        var input = JsonSerializer.Serialize(new { secret, requests = requests.Select(one => new { headers = one.Headers, body = one.Body }) });
        var modules = new Dictionary<string, string> { ["NODE_PATH"] = Path.Combine(Folder, "node_modules") };
        var ran = await Tool.RunAsync("node", ["-e", Program], input, modules);
        return ran.Lines(requests.Count);
    }

    private static string? Install()
    {
        if (Tool.Find("node") is null || Tool.Find("npm") is null) return "not installed: node, npm";
        if (Directory.Exists(Path.Combine(Folder, "node_modules", Package))) return null;
        string[] how = ["install", "--silent", "--prefix", Folder, "--no-audit", "--no-fund", "--ignore-scripts", $"{Package}@{Version}"];
        using var npm = Process.Start("npm", how);
        if (npm.WaitForExit(Patience)) return npm.ExitCode == 0 ? null : $"npm cannot install {Package}";
        npm.Kill(entireProcessTree: true);
        return $"npm does not install {Package} in {Patience.TotalSeconds} s";
    }
}

/// <summary>Needs the library; skipped where it cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StandardWebhooksFactAttribute : FactAttribute
{
    public StandardWebhooksFactAttribute() => Skip = StandardWebhooksLibrary.Missing;
}
