using System.Net;

namespace Webcluster.Providers.Senders;

/// <summary>A node of the product: its process comes and goes.</summary>
internal sealed class SendingNode(TemporaryFolder folder, string name, NodeSettings settings) : ISender
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private readonly int _http = Ports.Free();
    private ChildProcess? _process;

    public string Name => name;

    public IPEndPoint Submission { get; } = new(IPAddress.Loopback, Ports.Free());

    public string Output => _process?.Output ?? "";

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Returns when it takes mail.</summary>
    /// <exception cref="TimeoutException">It does not start.</exception>
    public async Task StartAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        var config = folder.Write($"{name}/webcluster.yaml", settings.Write(name, Submission.Port, _http));
        var program = Path.Combine(AppContext.BaseDirectory, "webcluster.dll");
        var process = _process = ChildProcess.Start("dotnet", [program, "--config", config], settings.World.Environment);
        var listens = Ports.WaitForAsync(Submission, StartBound, () => process.Output);
        if (await Task.WhenAny(listens, process.EndedAsync()) != listens)
            throw new TimeoutException($"{name} does not start: {process.Output}");
        await listens;
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }
}
