namespace Webcluster.EndToEnd.Harness;

/// <summary>Unbound, serving the zones of a test as local data.</summary>
internal sealed class Unbound : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private Unbound(ChildProcess process, int port, IReadOnlyList<string> records) => (_process, Port, Records) = (process, port, records);

    public int Port { get; }

    public IReadOnlyList<string> Records { get; }

    /// <param name="records">As in a zone file: "example.com. MX 10 mx.example.com."</param>
    public static async Task<Unbound> StartAsync(TemporaryFolder folder, IEnumerable<string> records)
    {
        var port = Ports.Free();
        List<string> zone = [.. records];
        var config = folder.Write($"unbound-{port}.conf", Configuration(folder.Path, port, zone));
        var process = ChildProcess.Start(Tool.Find("unbound")!, ["-d", "-c", config]);
        await Ports.WaitForAsync(port, TimeSpan.FromSeconds(10), () => process.Output);
        return new Unbound(process, port, zone);
    }

    public static string Configuration(string folder, int port, IEnumerable<string> records) => $"""
        server:
          interface: 127.0.0.1
          port: {port}
          username: ""
          chroot: ""
          directory: "{folder}"
          pidfile: ""
          use-syslog: no
          logfile: ""
          do-daemonize: no
          do-not-query-localhost: no
          module-config: "iterator"
          local-zone: "." static
        {string.Join('\n', records.Select(record => $"  local-data: '{record}'"))}
        remote-control:
          control-enable: no

        """;

    /// <summary>The TXT record of a DKIM key, its text cut into strings of 255 octets.</summary>
    public static string DkimRecord(string selector, string domain, string text) =>
        $"{selector}._domainkey.{domain}. TXT {string.Join(' ', text.Chunk(250).Select(part => $"\"{new string(part)}\""))}";

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
