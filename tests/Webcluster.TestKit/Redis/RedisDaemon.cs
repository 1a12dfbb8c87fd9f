using System.Diagnostics;
using System.Globalization;
using System.Text;
using Webcluster.TestKit.Processes;
using Xunit;

namespace Webcluster.TestKit.Redis;

/// <summary>
/// A real redis-server in a folder of its own on a free loopback port, durable unless told otherwise, ended with the test. It can be killed
/// and started again on the same port and folder.
/// </summary>
public sealed class RedisDaemon : IAsyncDisposable
{
    public const string Server = "/usr/bin/redis-server";
    public const string Cli = "/usr/bin/redis-cli";
    private static readonly string[] s_durable = ["--appendonly", "yes", "--appendfsync", "always", "--repl-diskless-sync-delay", "0"];

    private readonly string[] _arguments;
    private Process? _process;

    private RedisDaemon(string folder, int port, string[] arguments) => (Folder, Port, _arguments) = (folder, port, arguments);

    public string Folder { get; }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>What is given to redis-cli besides the port: a password, TLS.</summary>
    public string[] CliArguments { get; init; } = [];

    /// <param name="settings">As on the command line ("--maxmemory", "8mb"); they come after appendonly yes, appendfsync always.</param>
    public static Task<RedisDaemon> StartAsync(params string[] settings)
    {
        var (folder, port) = (NewFolder(), Ports.Free());
        return StartAsync(new RedisDaemon(folder, port, ["--port", Text(port), "--dir", folder, "--save", "", .. s_durable, .. settings]));
    }

    /// <summary>A server with TLS only, with the files of <see cref="RedisCertificates"/>.</summary>
    public static Task<RedisDaemon> StartTlsAsync(RedisCertificates certificates)
    {
        var (folder, port) = (NewFolder(), Ports.Free());
        return StartAsync(new RedisDaemon(folder, port,
        [
            "--dir", folder, "--save", "", .. s_durable, "--port", "0", "--tls-port", Text(port), "--tls-cert-file", certificates.Certificate,
            "--tls-key-file", certificates.Key, "--tls-ca-cert-file", certificates.Authority, "--tls-auth-clients", "no",
        ])
        { CliArguments = ["--tls", "--cacert", certificates.Authority] });
    }

    /// <summary>A Sentinel that watches one primary, alone: a quorum of one.</summary>
    public static Task<RedisDaemon> StartSentinelAsync(string name, RedisDaemon primary)
    {
        var (folder, port) = (NewFolder(), Ports.Free());
        var file = Path.Combine(folder, "sentinel.conf");
        File.WriteAllText(file, $"""
            dir {folder}
            sentinel monitor {name} 127.0.0.1 {primary.Port} 1
            sentinel down-after-milliseconds {name} 500
            sentinel failover-timeout {name} 2000

            """);
        return StartAsync(new RedisDaemon(folder, port, [file, "--sentinel", "--port", Text(port)]));
    }

    /// <summary>One command by redis-cli, its answer as that prints it.</summary>
    public async Task<string> RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(Cli, ["-p", Text(Port), .. CliArguments, .. command])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.Latin1,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (output + await errors).TrimEnd('\n');
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>An orderly end.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("-TERM");
        await _process!.WaitForExitAsync();
    }

    /// <summary>The process stands still: connections stay, nothing answers.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    public Task ResumeAsync() => SignalAsync("-CONT");

    /// <summary>Again on the same folder and port, after <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    public Task RestartAsync() => StartAsync(this);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<RedisDaemon> StartAsync(RedisDaemon daemon)
    {
        var process = Process.Start(new ProcessStartInfo(Server, [.. daemon._arguments, "--bind", "127.0.0.1", "--logfile", Path.Combine(daemon.Folder, "log")])
        {
            UseShellExecute = false,
        })!;
        daemon._process = process;
        for (var tries = 0; tries < 400 && !process.HasExited; tries++)
        {
            var answer = await daemon.RunAsync("PING");
            if (answer is "PONG" || answer.StartsWith("NOAUTH", StringComparison.Ordinal) || answer.StartsWith("NOPERM", StringComparison.Ordinal))
                return daemon;
            await Task.Delay(25);
        }
        var log = await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "log"));
        await daemon.DisposeAsync();
        throw new InvalidOperationException($"redis-server did not start: {log}");
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [signal, Text(_process!.Id)]) { UseShellExecute = false })!;
        await kill.WaitForExitAsync();
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("webcluster-redis-").FullName;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A test against a real redis-server; skipped, visibly, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = File.Exists(RedisDaemon.Server) ? null : "redis-server is not installed";
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class RedisTheoryAttribute : TheoryAttribute
{
    public RedisTheoryAttribute() => Skip = File.Exists(RedisDaemon.Server) ? null : "redis-server is not installed";
}
