using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.EndToEnd.Receivers;
using Xunit;

namespace Webcluster.EndToEnd.TransportSecurity;

/// <summary>Connections to a host resume the TLS session of the one before: Postfix says so, and the node's own count says the same.</summary>
public sealed class ResumedSessionsTests
{
    private const int Mails = 5;

    [PeerTheory("postfix", "unbound", "smtp-source")]
    [InlineData("TLSv1.2", Mails - 1)]
    // Under 1.3 a ticket is used once, and Postfix gives a new one only with a full handshake: every second one resumes.
    [InlineData("TLSv1.3", Mails / 2)]
    public async Task SecondConnection_Verified_ResumesTheFirstOnesSession(string version, int expected)
    {
        using var folder = new TemporaryFolder();
        using var workshop = new CertificateWorkshop();
        await using var postfix = await PostfixReceiver.StartAsync(
            folder, workshop.Issue("mx.dest.example"), $"smtpd_tls_protocols = >={version}, <={version}\nsmtpd_tls_loglevel = 2");
        await using var dns = await Unbound.StartAsync(folder, ["dest.example. MX 10 mx.dest.example.", "mx.dest.example. A 127.0.0.1"]);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            More = $"""
                dns:
                  servers: ['127.0.0.1:{dns.Port}']
                delivery:
                  port: {postfix.Port}
                  allowed_networks: [127.0.0.0/8]
                  tls: verified
                  idle_timeout: 0s
                  ca_file: {folder.Write("ca.pem", workshop.RootPem)}
                """,
        });

        for (var sent = 1; sent <= Mails; sent++)
        {
            var ran = await Tool.RunAsync("smtp-source", ["-f", "sender@example.com", "-t", "box@dest.example", $"127.0.0.1:{node.Settings.TrustedPort}"]);
            ran.ExitCode.ShouldBe(0, ran.ToString());
            await postfix.WaitForAsync(sent, () => node.Process.Output);
            // A connection still open would take the next mail, too.
            await postfix.WaitForLinesAsync("disconnect from", sent);
        }

        var reused = postfix.CountLines("Reusing old session");
        reused.ShouldBe(expected, string.Join('\n', postfix.LogLines()));
        (await node.GetAsync("/metrics")).Split('\n').Where(line => line.StartsWith("webcluster_delivery_tls_handshakes_total{", StringComparison.Ordinal)).Order()
            .ShouldBe(
            [
                $"webcluster_delivery_tls_handshakes_total{{resumed=\"no\"}} {Mails - reused}",
                $"webcluster_delivery_tls_handshakes_total{{resumed=\"yes\"}} {reused}",
            ]);
    }
}
