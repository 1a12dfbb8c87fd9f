using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;

namespace Webcluster.TestKit.Processes;

/// <summary>The built-in simulator in a process of its own, so that it outlives the node under test.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SimulatorProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly ChildProcess _process;
    private readonly int _http;

    private SimulatorProcess(ChildProcess process, int port, int http) => (_process, Port, _http) = (process, port, http);

    public int Port { get; }

    public static async Task<SimulatorProcess> StartAsync(TemporaryFolder folder)
    {
        var (port, http) = (Ports.Free(), Ports.Free());
        var config = folder.Write("simulator/webcluster.yaml", $"""
            node:
              name: simulator.example.com
              state_folder: state
            http:
              listen: 127.0.0.1:{http}
            simulator:
              enabled: true
              listen: 127.0.0.1:{port}
              keep: 100000
            """);
        var process = ChildProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "webcluster.dll"), "--config", config]);
        await Ports.WaitForAsync(port, TimeSpan.FromSeconds(30), () => process.Output);
        return new SimulatorProcess(process, port, http);
    }

    /// <summary>The messages it kept, as its HTTP interface tells them.</summary>
    public async Task<JsonElement> MessagesAsync() => (await Http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{_http}/simulator/messages")).GetProperty("messages");

    public Task<string> RawAsync(string id) => Http.GetStringAsync($"http://127.0.0.1:{_http}/simulator/messages/{id}");

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
