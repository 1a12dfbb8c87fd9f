using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Webcluster.TestKit.Processes;

/// <summary>A process that this test started and that ends with it, by its process id. Its output is kept.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int MostOutput = 4 * 1024 * 1024;
    private const int Terminate = 15, Continue = 18, Stop = 19;

    private readonly Process _process;
    private readonly Action<string>? _heard;
    private readonly StringBuilder _output = new();

    private ChildProcess(Process process, Action<string>? heard)
    {
        (_process, _heard) = (process, heard);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <param name="heard">Told each line of the output, from one line to the next; it must not block.</param>
    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, Action<string>? heard = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        return new ChildProcess(new Process { StartInfo = start }, heard);
    }

    /// <summary>As kill -9: the process gets no chance to do anything.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public Task EndedAsync() => _process.WaitForExitAsync();

    /// <summary>SIGTERM.</summary>
    /// <returns>False where it had not ended by then.</returns>
    public async Task<bool> StopAsync(TimeSpan atMost)
    {
        Signal(Terminate);
        using var bound = new CancellationTokenSource(atMost);
        try
        {
            await _process.WaitForExitAsync(bound.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>SIGSTOP: it stands still, its connections stay open.</summary>
    public void Suspend() => Signal(Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal(Continue);

    /// <summary>The paths it has open now, as Linux tells them.</summary>
    public IReadOnlyList<string> OpenFiles() =>
        [.. Directory.GetFiles($"/proc/{Id}/fd").Select(descriptor => new FileInfo(descriptor).LinkTarget).OfType<string>()];

    /// <summary>Waits for a line of the output.</summary>
    public async Task WaitForAsync(string text, TimeSpan atMost)
    {
        for (var end = DateTime.UtcNow + atMost; DateTime.UtcNow < end; await Task.Delay(20))
            if (Output.Contains(text, StringComparison.Ordinal))
                return;
        throw new TimeoutException($"'{text}' did not come in {atMost.TotalSeconds} s; the output was:\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited) _ = Kill(_process.Id, signal);
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _heard?.Invoke(line);
        lock (_output)
            if (_output.Length < MostOutput)
                _output.Append(line).Append('\n');
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
