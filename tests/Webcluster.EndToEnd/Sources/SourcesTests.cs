using System.Text.Json;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.TestKit.Peers;

namespace Webcluster.EndToEnd.Sources;

/// <summary>The real program sends from several loopback addresses; the sink says whom it saw.</summary>
public sealed class SourcesTests
{
    // The sender's domain chooses the pool; nobody has the address of "away".
    private const string Egress = """
        sources:
          - {name: plain, address: 127.0.0.2, ehlo: plain.example.com}
          - {name: bulk, address: 127.0.0.3, ehlo: bulk.example.com}
          - {name: away, address: 192.0.2.77}
        pools:
          - {name: default, sources: [{name: plain}]}
          - {name: bulk, sources: [{name: bulk}, {name: away, weight: 5}]}
          - {name: lost, sources: [{name: away}], fallback: bulk}
        pool_rules:
          - {asked: [bulk], users: [app]}
          - {sender_domains: [news.example.com], pool: bulk}
          - {destinations: [.strict.example], pool: lost}
        """;

    [PeerFact("smtp-sink", "smtp-source")]
    public async Task Mail_LeavesFromItsPoolsSource_UnderItsName()
    {
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder) { RouteTo = sink.Port, More = Egress });
        (string From, string To, string Hello, string Client)[] rows =
        [
            ("a@example.com", "one@to.example", "plain.example.com", "127.0.0.2"),
            ("a@news.example.com", "two@to.example", "bulk.example.com", "127.0.0.3"),
            ("a@example.com", "three@mx.strict.example", "bulk.example.com", "127.0.0.3"),
        ];
        foreach (var row in rows) await SendAsync(node, row.From, row.To);
        await sink.WaitForAsync(rows.Length, TimeSpan.FromSeconds(30), () => node.Process.Output);
        // What the sink answered 250 it has written down whole.
        await node.EmptiedAsync();
        foreach (var row in rows)
        {
            var mail = sink.Mails().Single(mail => mail.Recipients.Single() == row.To);
            (mail.Hello, mail.Client).ShouldBe((row.Hello, row.Client), row.To);
        }

        var metrics = await node.GetAsync("/metrics");
        metrics.ShouldContain("webcluster_source_usable{source=\"plain\"} 1");
        metrics.ShouldContain("webcluster_source_usable{source=\"away\"} 0");
        metrics.ShouldContain("webcluster_source_connects_total{result=\"opened\",source=\"bulk\"}");
        await node.Process.SaysAsync("source away is left out on this node: 192.0.2.77: ");
        await ShowsAsync(node, folder);
    }

    [PeerFact("smtp-sink", "smtp-source")]
    public async Task Source_BehindSocks_LeavesFromTheProxy_AndWaitsWhileItIsAway()
    {
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder);
        await using var proxy = SocksProxy.Start("127.0.0.7", "anna:secret");
        folder.Write("node/proxy-password", "secret\n");
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            RouteTo = sink.Port,
            More = $"""
                sources:
                  - {InBraces("name: tunnel", "proxy: 'socks5://anna@127.0.0.1:" + proxy.Port + "'", "proxy_password_file: proxy-password")}
                """,
        });
        await SendAsync(node, "a@example.com", "one@to.example");
        await sink.WaitForAsync(1, TimeSpan.FromSeconds(30), () => node.Process.Output);
        await node.EmptiedAsync();
        sink.Mails().Single().Client.ShouldBe("127.0.0.7");
        sink.Mails().Single().Hello.ShouldBe("node.example.com");

        await proxy.StopAsync();
        var ran = await NodeProcess.RunAsync(["source", "check", "--config", folder.PathOf("node/webcluster.yaml")]);
        ran.ExitCode.ShouldBe(1, ran.ToString());
        ran.Output.ShouldContain("left out since");
        ran.Output.ShouldNotContain("secret");
        await SendAsync(node, "a@example.com", "two@to.example");
        // The connection that was parked is used up; then nothing is tried any more.
        await Task.Delay(TimeSpan.FromSeconds(3));
        sink.Count.ShouldBe(1);
        var waiting = JsonDocument.Parse(await node.GetAsync("/api/v1/queue")).RootElement;
        waiting.GetProperty("counts").GetProperty("ready").GetInt64().ShouldBe(1, waiting.ToString());
    }

    [PeerFact("haproxy", "smtp-sink", "smtp-source")]
    public async Task Source_BehindHaProxy_IsToldAndUsed()
    {
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder);
        var port = Ports.Free();
        // It takes source and destination from the header, and leaves from an address of its own for that source.
        var config = folder.Write("egress.cfg", $"""
            defaults
              mode tcp
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            frontend egress
              bind 127.0.0.1:{port} accept-proxy
              use_backend eight if {InBraces(" src 127.0.0.8 ")}
            backend eight
              server to 0.0.0.0:0 source 127.0.0.8

            """);
        await using var haproxy = ChildProcess.Start(Tool.Find("haproxy")!, ["-db", "-f", config]);
        await Ports.WaitForAsync(port, TimeSpan.FromSeconds(10), () => haproxy.Output);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            RouteTo = sink.Port,
            More = $"""
                sources:
                  - {InBraces("name: far", "address: 127.0.0.8", "ehlo: far.example.com", "proxy: 'proxy-v2://127.0.0.1:" + port + "'")}
                """,
        });
        await SendAsync(node, "a@example.com", "one@to.example");
        await sink.WaitForAsync(1, TimeSpan.FromSeconds(30), () => node.Process.Output);
        sink.Mails().Single().Client.ShouldBe("127.0.0.8");
        sink.Mails().Single().Hello.ShouldBe("far.example.com");
    }

    private static async Task ShowsAsync(NodeProcess node, TemporaryFolder folder)
    {
        var ran = await NodeProcess.RunAsync(["source", "list", "--config", folder.PathOf("node/webcluster.yaml")]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
        ran.Output.ShouldContain("source  plain\t127.0.0.2\tplain.example.com\tusable");
        ran.Output.ShouldContain("source  away\t192.0.2.77\tnode.example.com\tleft out since");
        ran.Output.ShouldContain("pool    bulk\tbulk*1 away*5\tuses bulk");
        ran.Output.ShouldContain("pool    lost\taway*1, else bulk\tuses bulk");
        node.Process.Output.Split("is left out").Length.ShouldBe(2, "once, however often it was probed");
    }

    private static async Task SendAsync(NodeProcess node, string from, string to)
    {
        var ran = await Tool.RunAsync("smtp-source", ["-f", from, "-t", to, $"127.0.0.1:{node.Settings.TrustedPort}"]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
    }

    private static string InBraces(params string[] parts) => "{" + string.Join(", ", parts) + "}";
}
