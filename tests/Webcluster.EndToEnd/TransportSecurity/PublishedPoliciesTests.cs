using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.EndToEnd.Receivers;
using Webcluster.TestKit.Dns;

namespace Webcluster.EndToEnd.TransportSecurity;

/// <summary>
/// What receiving domains publish is obeyed: MTA-STS policies from Kestrel, TLSA records from a signed zone (nsd) over a validating
/// resolver (unbound), Postfix as the mail host.
/// </summary>
public sealed class PublishedPoliciesTests
{
    private static readonly string[] Domains = ["good.example", "wrongcert.example", "wrongmx.example", "testing.example"];

    [PeerFact("postfix", "unbound", "smtp-source")]
    public async Task MtaSts_Enforced_RefusesWrongCertificateAndWrongHost_TestingDeliversAndCounts()
    {
        using var folder = new TemporaryFolder();
        using var workshop = new CertificateWorkshop();
        await using var postfix = await PostfixReceiver.StartAsync(folder, workshop.Issue("mx.good.example"));
        await using var web = await PolicyServer.StartAsync(workshop.Issue([.. Domains.Select(domain => $"mta-sts.{domain}")]), new Dictionary<string, string>
        {
            ["good.example"] = Policy("enforce", "mx.good.example"),
            ["wrongcert.example"] = Policy("enforce", "mx.other.example"),
            ["wrongmx.example"] = Policy("enforce", "mx.wrongmx.example"),
            ["testing.example"] = Policy("testing", "mx.other.example"),
        });
        // Two sites only, so that domains of different policies share connections, and must not where one asks for more.
        string[] records =
        [
            "good.example. MX 10 mx.good.example.", "wrongmx.example. MX 10 mx.good.example.", "mx.good.example. A 127.0.0.1",
            "wrongcert.example. MX 10 mx.other.example.", "testing.example. MX 10 mx.other.example.", "mx.other.example. A 127.0.0.1",
            .. Domains.Select(domain => $"_mta-sts.{domain}. TXT \"v=STSv1; id=1;\""),
        ];
        await using var dns = await Unbound.StartAsync(folder, records);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            More = $"""
                {DeliveryTo(postfix.Port, folder, workshop, dns.Port)}
                  mta_sts:
                    hosts: [{string.Join(", ", Domains.Select(domain => $"'mta-sts.{domain}=127.0.0.1:{web.Port}'"))}]
                """,
        });

        foreach (var domain in Domains) await SendAsync(node, domain, 3);
        await postfix.WaitForAsync(6, () => node.Process.Output);
        await node.Process.SaysAsync("<box@wrongcert.example>", "MTA-STS: the certificate is not valid for the host (certificate-host-mismatch)");
        await node.Process.SaysAsync("<box@wrongmx.example>", "MTA-STS: the domain's policy does not name mx.good.example as its mail host");

        postfix.Mails().Count(mail => mail.Contains("good.example")).ShouldBeGreaterThanOrEqualTo(3);
        postfix.Mails().ShouldAllBe(mail => !mail.Contains("box@wrong"));
        (await node.QueuedAsync()).ShouldBe(6);
        var metrics = await node.GetAsync("/metrics");
        metrics.ShouldContain("webcluster_delivery_tls_total{policy=\"sts_testing\",result=\"certificate-host-mismatch\"}");
        metrics.ShouldContain("webcluster_delivery_tls_total{policy=\"sts\",result=\"success\"}");
        metrics.ShouldContain("webcluster_delivery_tls_total{policy=\"sts\",result=\"validation-failure\"}");
    }

    [PeerFact("postfix", "unbound", "nsd", "smtp-source")]
    public async Task Dane_RefusesAnotherKey_TakesTheOnePublished()
    {
        using var folder = new TemporaryFolder();
        using var workshop = new CertificateWorkshop();
        var shown = workshop.Issue("whatever.example");
        await using var postfix = await PostfixReceiver.StartAsync(folder, shown);
        using var zone = new SignedZone("dane.example");
        zone.Exchanger("dane.example", "mx.dane.example").Address("mx.dane.example").KeyOf("mx.dane.example", postfix.Port, shown.KeyDigest);
        zone.Exchanger("bad.dane.example", "bad-mx.dane.example").Address("bad-mx.dane.example")
            .KeyOf("bad-mx.dane.example", postfix.Port, workshop.Issue("another.example").KeyDigest);
        await using var authority = await DnsDaemon.StartNsdAsync("dane.example", zone.Text());
        await using var resolver = await DnsDaemon.StartValidatingUnboundAsync("dane.example", authority, zone.TrustAnchor);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder) { More = DeliveryTo(postfix.Port, folder, workshop, resolver.Port) });

        await SendAsync(node, "dane.example", 3);
        await SendAsync(node, "bad.dane.example", 3);
        await postfix.WaitForAsync(3, () => node.Process.Output);
        await node.Process.SaysAsync("<box@bad.dane.example>", "DANE: the certificate matches none of the host's TLSA records");

        postfix.Mails().ShouldAllBe(mail => !mail.Contains("bad.dane.example"));
        (await node.QueuedAsync()).ShouldBe(3);
        var metrics = await node.GetAsync("/metrics");
        metrics.ShouldContain("webcluster_delivery_tls_total{policy=\"dane\",result=\"success\"}");
        metrics.ShouldContain("webcluster_delivery_tls_total{policy=\"dane\",result=\"tlsa-invalid\"}");
    }

    private static string Policy(string mode, string mx) => $"version: STSv1\r\nmode: {mode}\r\nmx: {mx}\r\nmax_age: 86400\r\n";

    private static string DeliveryTo(int port, TemporaryFolder folder, CertificateWorkshop workshop, int resolver) => $"""
        dns:
          servers: ['127.0.0.1:{resolver}']
        delivery:
          port: {port}
          allowed_networks: [127.0.0.0/8]
          ca_file: {folder.Write("ca.pem", workshop.RootPem)}
        """;

    private static async Task SendAsync(NodeProcess node, string domain, int count)
    {
        var ran = await Tool.RunAsync("smtp-source", ["-m", $"{count}", "-f", "sender@example.com", "-t", $"box@{domain}", $"127.0.0.1:{node.Settings.TrustedPort}"]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
    }
}
