using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Receivers;

public sealed class DeadMailHostTests
{
    [PeerFact("unbound", "smtp-source", "smtp-sink")]
    public async Task FirstMxHostDead_NextOneGetsTheMail()
    {
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder);
        // Nobody listens on 127.0.0.2.
        string[] records =
        [
            "dest.example. MX 10 dead.dest.example.", "dest.example. MX 20 alive.dest.example.",
            "dead.dest.example. A 127.0.0.2", "alive.dest.example. A 127.0.0.1",
        ];
        await using var dns = await Unbound.StartAsync(folder, records);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            More = $"""
                dns:
                  servers: ['127.0.0.1:{dns.Port}']
                delivery:
                  port: {sink.Port}
                  allowed_networks: [127.0.0.0/8]
                """,
        });
        var ran = await Tool.RunAsync("smtp-source", ["-s", "5", "-m", "20", "-f", "sender@example.com", "-t", "box@dest.example", $"127.0.0.1:{node.Settings.TrustedPort}"]);

        ran.ExitCode.ShouldBe(0, ran.ToString());
        await sink.WaitForAsync(20, TimeSpan.FromSeconds(20), () => node.Process.Output);
        await node.EmptiedAsync();
        sink.Count.ShouldBe(20);
    }
}
