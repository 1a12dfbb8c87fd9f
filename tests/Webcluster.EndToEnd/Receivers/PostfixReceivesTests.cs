using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Receivers;

/// <summary>The whole way as on the Internet: MX and A records from Unbound, Postfix with STARTTLS takes the mail into a Maildir.</summary>
public sealed class PostfixReceivesTests
{
    [PeerFact("postfix", "unbound", "smtp-source")]
    public async Task Postfix_FoundByMx_TakesMailOverTls()
    {
        using var folder = new TemporaryFolder();
        await using var postfix = await PostfixReceiver.StartAsync(folder);
        var records = new[] { "dest.example. MX 10 mx.dest.example.", "mx.dest.example. A 127.0.0.1", "other.example. MX 5 mx.dest.example." };
        await using var dns = await Unbound.StartAsync(folder, records);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            More = $"""
                dns:
                  servers: ['127.0.0.1:{dns.Port}']
                delivery:
                  port: {postfix.Port}
                  allowed_networks: [127.0.0.0/8]
                """,
        });

        foreach (var recipient in new[] { "box@dest.example", "box@other.example" })
        {
            var ran = await Tool.RunAsync("smtp-source", ["-s", "5", "-m", "10", "-f", "sender@example.com", "-t", recipient, $"127.0.0.1:{node.Settings.TrustedPort}"]);
            ran.ExitCode.ShouldBe(0, ran.ToString());
        }

        await postfix.WaitForAsync(20, () => node.Process.Output);
        postfix.Mails().ShouldAllBe(mail => mail.Contains("using TLSv1.3") && mail.Contains("DKIM-Signature:"));
        // Both domains have the same MX set: one site, one lane.
        (await node.GetAsync("/metrics")).ShouldContain("outcome=\"delivered\"");
    }

    [PeerFact("unbound", "smtp-source", "smtp-sink")]
    public async Task HopelessDomains_FailAtOnce_AndTheSenderIsTold()
    {
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder);
        await using var dns = await Unbound.StartAsync(folder, ["null.example. MX 0 .", "private.example. MX 10 mx.private.example.", "mx.private.example. A 10.1.2.3"]);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            More = $"""
                dns:
                  servers: ['127.0.0.1:{dns.Port}']
                routes:
                  - match: example.com
                    hosts: ['127.0.0.1:{sink.Port}']
                    tls: none
                """,
        });

        foreach (var domain in new[] { "null.example", "private.example", "nowhere.example" })
        {
            var ran = await Tool.RunAsync("smtp-source", ["-f", "sender@example.com", "-t", $"box@{domain}", $"127.0.0.1:{node.Settings.TrustedPort}"]);
            ran.ExitCode.ShouldBe(0, ran.ToString());
        }

        await sink.WaitForAsync(3, TimeSpan.FromSeconds(30), () => node.Process.Output);
        var reports = sink.Mails().ToList();
        reports.ShouldAllBe(report => report.Recipients.Single() == "sender@example.com" && report.Content.Contains("Action: failed"));
        foreach (var status in new[] { "Status: 5.1.10", "Status: 5.4.4", "Status: 5.1.2" })
            reports.Count(report => report.Content.Contains(status)).ShouldBe(1, status);
        (await node.QueuedAsync()).ShouldBe(0);
    }
}
