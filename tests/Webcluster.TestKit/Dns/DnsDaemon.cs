using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Webcluster.TestKit.Processes;
using Xunit;

namespace Webcluster.TestKit.Dns;

/// <summary>A real DNS server in a folder of its own on a free loopback port, ended with the test.</summary>
public sealed class DnsDaemon : IAsyncDisposable
{
    public const string Nsd = "/usr/sbin/nsd";
    public const string Unbound = "/usr/sbin/unbound";

    private readonly Process _process;
    private readonly string _folder;

    private DnsDaemon(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>An authoritative server for one zone.</summary>
    /// <param name="zoneFile">With $ORIGIN, SOA and all.</param>
    public static Task<DnsDaemon> StartNsdAsync(string zone, string zoneFile) => StartAsync(Nsd, (folder, port) =>
    {
        File.WriteAllText(Path.Combine(folder, "zone"), zoneFile);
        return $"""
            server:
              ip-address: 127.0.0.1@{port}
              username: ""
              chroot: ""
              zonesdir: "{folder}"
              zonelistfile: "{folder}/zone.list"
              xfrdfile: "{folder}/xfrd.state"
              pidfile: "{folder}/nsd.pid"
              server-count: 1
            remote-control:
              control-enable: no
            zone:
              name: "{zone}"
              zonefile: "zone"
            """;
    });

    /// <summary>A recursive server that asks an <see cref="StartNsdAsync">authoritative one</see> for one zone.</summary>
    public static Task<DnsDaemon> StartUnboundAsync(string zone, DnsDaemon authority) =>
        StartAsync(Unbound, (folder, port) => UnboundConfiguration(folder, port, zone, authority));

    private static string UnboundConfiguration(string folder, int port, string zone, DnsDaemon authority) =>
        $"""
        server:
          interface: 127.0.0.1@{port}
          username: ""
          chroot: ""
          directory: "{folder}"
          pidfile: "{folder}/unbound.pid"
          use-syslog: no
          do-daemonize: no
          do-not-query-localhost: no
          module-config: "iterator"
          local-zone: "test." nodefault
          num-threads: 1
        remote-control:
          control-enable: no
        stub-zone:
          name: "{zone}"
          stub-addr: 127.0.0.1@{authority.Port}
        """;

    /// <summary>As <see cref="StartUnboundAsync"/>, and it validates the zone by this key ("example. DNSKEY 257 3 13 ...").</summary>
    public static Task<DnsDaemon> StartValidatingUnboundAsync(string zone, DnsDaemon authority, string trustAnchor) =>
        StartAsync(Unbound, (folder, port) => UnboundConfiguration(folder, port, zone, authority)
            .Replace("module-config: \"iterator\"", $"module-config: \"validator iterator\"\n  trust-anchor: \"{trustAnchor}\"", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        // Asked to stop first: killed, nsd would leave its children behind.
        using var kill = Process.Start(new ProcessStartInfo("kill",
            [_process.Id.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<DnsDaemon> StartAsync(string program, Func<string, int, string> configuration)
    {
        var folder = Directory.CreateTempSubdirectory("webcluster-dns-").FullName;
        var port = Ports.Free();
        var file = Path.Combine(folder, "server.conf");
        await File.WriteAllTextAsync(file, configuration(folder, port));
        var process = Process.Start(new ProcessStartInfo(program, ["-d", "-c", file]) { UseShellExecute = false,
            RedirectStandardError = true })!;
        // Nobody reads what it writes; the pipe must not fill.
        process.BeginErrorReadLine();
        var daemon = new DnsDaemon(process, folder, port);
        for (var tries = 0; tries < 200 && !process.HasExited; tries++)
        {
            if (await AnswersAsync(port)) return daemon;
            await Task.Delay(50);
        }
        await daemon.DisposeAsync();
        throw new InvalidOperationException($"{program} did not start");
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>A test against nsd and unbound; skipped, visibly, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DnsDaemonFactAttribute : FactAttribute
{
    public DnsDaemonFactAttribute() =>
        Skip = File.Exists(DnsDaemon.Nsd) && File.Exists(DnsDaemon.Unbound) ? null : "nsd and unbound are not installed";
}
