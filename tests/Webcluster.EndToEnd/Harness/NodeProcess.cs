using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Webcluster.EndToEnd.Harness;

/// <summary>The real program as a process of its own.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private NodeProcess(ChildProcess process, NodeSettings settings) => (Process, Settings) = (process, settings);

    public ChildProcess Process { get; }

    public NodeSettings Settings { get; }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "webcluster.dll");

    /// <summary>Starts it and waits until it takes mail.</summary>
    public static async Task<NodeProcess> StartAsync(NodeSettings settings)
    {
        var config = settings.Write();
        var users = Path.Combine(Path.GetDirectoryName(config)!, "users");
        if (!File.Exists(users))
        {
            var added = await RunAsync(["user", "add", NodeSettings.User, "--config", config, "--password-stdin"], NodeSettings.Password + "\n");
            if (added.ExitCode != 0) throw new InvalidOperationException($"user add: {added}");
        }

        var process = ChildProcess.Start("dotnet", [Program, "--config", config]);
        await Ports.WaitForAsync(settings.TrustedPort, StartBound, () => process.Output);
        return new NodeProcess(process, settings);
    }

    public static Task<Ran> RunAsync(IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null) =>
        Tool.RunAsync("dotnet", [Program, .. arguments], input, environment);

    public async Task<string> GetAsync(string path) => await Http.GetStringAsync($"http://127.0.0.1:{Settings.HttpPort}{path}");

    /// <summary>What an operator asks, with the node's token.</summary>
    public async Task<JsonElement> AdministerAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Settings.HttpPort}{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Settings.AdminTokenFile)).Trim());
        using var answer = (await Http.SendAsync(request)).EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Deliveries in the queue, in any state.</summary>
    public async Task<long> QueuedAsync()
    {
        var answer = await Http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{Settings.HttpPort}/api/v1/queue");
        var counts = answer.GetProperty("counts");
        return counts.GetProperty("ready").GetInt64() + counts.GetProperty("scheduled").GetInt64() + counts.GetProperty("claimed").GetInt64();
    }

    /// <summary>Waits until nothing is queued any more.</summary>
    public async Task EmptiedAsync(int seconds = 30)
    {
        for (var end = DateTime.UtcNow.AddSeconds(seconds); await QueuedAsync() is > 0 and var left; await Task.Delay(50))
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"{left} deliveries are still queued after {seconds} s\n{Process.Output}");
    }

    /// <summary>Octets of memory that the process really holds.</summary>
    public long ResidentMemory()
    {
        var line = File.ReadLines($"/proc/{Process.Id}/status").First(row => row.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
