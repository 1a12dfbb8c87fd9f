using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;

namespace Webcluster.TestKit.Processes;

/// <summary>Where a node listens, as HAProxy needs to know it.</summary>
public sealed record ProxiedAddress(IPAddress Address, int Submission, int ImplicitTls, int Http, int Agent);

/// <summary>
/// The real HAProxy with the configuration of deploy/haproxy: addresses are changed, the servers are as many as there are nodes, and what
/// needs root is left out.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class HaProxy : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly string _socket;

    private HaProxy(ChildProcess process, string socket, (int Port, int ImplicitPort, int HttpPort) ports)
    {
        (_process, _socket) = (process, socket);
        (Port, ImplicitPort, HttpPort) = ports;
    }

    /// <summary>Submission with STARTTLS, or without TLS where the nodes have none.</summary>
    public int Port { get; }

    public int ImplicitPort { get; }

    public int HttpPort { get; }

    /// <param name="nodes">They are node1, node2 and so on.</param>
    public static async Task<HaProxy> StartAsync(TemporaryFolder folder, IReadOnlyList<ProxiedAddress> nodes)
    {
        var (port, implicitPort, httpPort) = (Ports.Free(), Ports.Free(), Ports.Free());
        var socket = folder.PathOf("haproxy.sock");
        var text = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "deploy", "haproxy", "haproxy.cfg"));
        text = NeedsRoot.Replace(text, "")
            .Replace("/run/haproxy/admin.sock", socket, StringComparison.Ordinal)
            .Replace("maxconn 20000", "maxconn 500", StringComparison.Ordinal)
            .Replace("bind :587", $"bind 127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("bind :465", $"bind 127.0.0.1:{implicitPort}", StringComparison.Ordinal)
            .Replace("bind 127.0.0.1:8025", $"bind 127.0.0.1:{httpPort}", StringComparison.Ordinal);
        var lines = text.Split('\n').SelectMany(line => Servers(line, nodes));
        var process = ChildProcess.Start(Tool.Find("haproxy")!, ["-db", "-f", folder.Write("haproxy.cfg", string.Join('\n', lines))]);
        var haproxy = new HaProxy(process, socket, (port, implicitPort, httpPort));
        try
        {
            await Ports.WaitForAsync(port, TimeSpan.FromSeconds(10), () => process.Output);
            return haproxy;
        }
        catch
        {
            await haproxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a server for submission has this status, as HAProxy's own statistics name it: UP, DRAIN, DOWN.</summary>
    public async Task WaitForAsync(string server, string status, int seconds = 20)
    {
        for (var end = DateTime.UtcNow.AddSeconds(seconds); ; await Task.Delay(100))
        {
            var now = await StatusAsync(server);
            if (now.StartsWith(status, StringComparison.Ordinal)) return;
            if (DateTime.UtcNow > end) throw new TimeoutException($"{server} is {now}, not {status}, after {seconds} s\n{_process.Output}");
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<string> StatusAsync(string server)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync("show stat\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var rows = (await reader.ReadToEndAsync()).Split('\n').Select(line => line.Split(',')).Where(row => row.Length > 17).ToList();
        var column = Array.IndexOf(rows[0], "status");
        return rows.Single(row => row[0] == "submission" && row[1] == server)[column];
    }

    /// <summary>The first node's line stands for all of them; the others' lines go.</summary>
    private static IEnumerable<string> Servers(string line, IReadOnlyList<ProxiedAddress> nodes)
    {
        if (!Server.IsMatch(line)) return [line];
        if (!line.Contains("10.0.0.11:", StringComparison.Ordinal)) return [];
        return nodes.Select((node, i) => line
            .Replace("node1", $"node{i + 1}", StringComparison.Ordinal)
            .Replace("10.0.0.11:587", $"{node.Address}:{node.Submission}", StringComparison.Ordinal)
            .Replace("10.0.0.11:465", $"{node.Address}:{node.ImplicitTls}", StringComparison.Ordinal)
            .Replace("10.0.0.11:8025", $"{node.Address}:{node.Http}", StringComparison.Ordinal)
            .Replace(" port 8025", $" port {node.Http}", StringComparison.Ordinal)
            .Replace("agent-port 9707", $"agent-port {node.Agent}", StringComparison.Ordinal));
    }

    [GeneratedRegex("^ *(user|group) .*\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NeedsRoot { get; }

    [GeneratedRegex("^ *server ", RegexOptions.None, 1000)]
    private static partial Regex Server { get; }
}
