using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Webcluster.Chaos.Cluster;

/// <summary>A node's place in the cluster: a name, ports, a folder. Its process comes and goes.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenStarts = TimeSpan.FromMilliseconds(500);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly NodeHome _home;
    private readonly StreamWriter _file;
    private readonly SemaphoreSlim _starting = new(1);
    private ChildProcess? _process;
    private volatile bool _isWanted;

    public ClusterNode(int number, NodeHome home)
    {
        _home = home;
        Name = $"n{number}.chaos.example";
        LogFile = home.Folder.Write($"n{number}/log", "");
        _file = new StreamWriter(LogFile) { AutoFlush = true };
        Log = new NodeLog(Name, _file);
        Address = new ProxiedAddress(home.Address, Ports.Free(), Ports.Free(), Ports.Free(), Ports.Free());
    }

    /// <summary>Its name in EHLO, and in the ids of its lives.</summary>
    public string Name { get; }

    public ProxiedAddress Address { get; }

    public NodeLog Log { get; }

    public string LogFile { get; }

    /// <summary>In a network namespace of its own.</summary>
    public NetworkIsolation? Isolation => _home.Isolation;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>It ended, and nobody had asked it to.</summary>
    public bool EndedByItself => _isWanted && _process is { HasExited: true };

    /// <summary>When its process was started last.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>What it said last, for whoever looks for the reason of a failure.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>Starts the process, as often as a supervisor would, and waits until it takes mail. Does nothing where it runs.</summary>
    public async Task StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (IsRunning) return;
            _isWanted = false;
            for (var end = DateTime.UtcNow + StartBound; !await TryStartAsync(); await Task.Delay(BetweenStarts))
                if (DateTime.UtcNow > end)
                    throw new TimeoutException($"{Name} does not start: {Output}");
            _isWanted = true;
        }
        finally
        {
            _starting.Release();
        }
    }

    public Task KillAsync()
    {
        _isWanted = false;
        return _process!.KillAsync();
    }

    public void Suspend() => _process!.Suspend();

    public void Resume() => _process!.Resume();

    /// <summary>SIGTERM; how long the process took to end.</summary>
    public async Task<TimeSpan> TerminateAsync(TimeSpan atMost)
    {
        _isWanted = false;
        var began = Stopwatch.GetTimestamp();
        if (!await _process!.StopAsync(atMost)) throw new TimeoutException($"{Name} had not ended {atMost.TotalSeconds} s after SIGTERM");
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Deliveries in the queue, in any state, as this node knows it; null where it does not answer.</summary>
    public async Task<long?> QueuedAsync()
    {
        try
        {
            var answer = await Http.GetFromJsonAsync<JsonElement>(Url("/api/v1/queue"));
            var counts = answer.GetProperty("counts");
            return counts.GetProperty("ready").GetInt64() + counts.GetProperty("scheduled").GetInt64() + counts.GetProperty("claimed").GetInt64();
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Connections to sinks, by the node's own metric; 0 where it does not answer.</summary>
    public async Task<int> ConnectionsAsync()
    {
        try
        {
            var metrics = await Http.GetStringAsync(Url("/metrics"));
            return (int)metrics.Split('\n').Where(line => line.StartsWith("webcluster_delivery_connections{", StringComparison.Ordinal))
                .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await _file.DisposeAsync();
        _starting.Dispose();
    }

    /// <returns>False where it ended before it took mail.</returns>
    private async Task<bool> TryStartAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        var config = _home.Folder.Write($"{Name.Split('.')[0]}/webcluster.yaml", _home.Configuration(this));
        StartedAt = DateTimeOffset.UtcNow;
        string[] command = [.. Isolation?.Prefix ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "webcluster.dll"), "--config", config];
        var process = _process = ChildProcess.Start(Tool.Find(command[0])!, command[1..], heard: Log.Hear);
        var listens = Ports.WaitForAsync(new IPEndPoint(Address.Address, Address.Submission), StartBound, () => process.Output);
        if (await Task.WhenAny(listens, process.EndedAsync()) != listens) return false;
        await listens;
        return true;
    }

    private string Url(string path) => $"http://{Address.Address}:{Address.Http}{path}";
}
