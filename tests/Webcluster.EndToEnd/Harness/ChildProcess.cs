using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Webcluster.EndToEnd.Harness;

/// <summary>A process that this test started and that ends with it, by its process id. Its output is kept.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int MostOutput = 4 * 1024 * 1024;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(Process process)
    {
        _process = process;
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

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        return new ChildProcess(new Process { StartInfo = start });
    }

    /// <summary>As kill -9: the process gets no chance to do anything.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public Task<bool> StopAsync(TimeSpan atMost) => SignalAsync(15, atMost);

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

    private async Task<bool> SignalAsync(int signal, TimeSpan atMost)
    {
        if (!_process.HasExited) Kill(_process.Id, signal);
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

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output)
            if (_output.Length < MostOutput)
                _output.Append(line).Append('\n');
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
