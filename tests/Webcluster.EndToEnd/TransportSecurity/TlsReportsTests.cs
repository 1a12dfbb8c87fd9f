using System.IO.Compression;
using System.Text.Json;
using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.TransportSecurity;

/// <summary>What was counted yesterday is reported today, by HTTPS to a web server and by mail to a mail host.</summary>
public sealed class TlsReportsTests
{
    [PeerFact("unbound", "smtp-sink")]
    public async Task DayIsOver_ReportsGoOut_OnceEach()
    {
        using var folder = new TemporaryFolder();
        using var workshop = new CertificateWorkshop();
        await using var web = await PolicyServer.StartAsync(workshop.Issue("reports.dest.example"), new Dictionary<string, string>());
        await using var sink = await SmtpSink.StartAsync(folder);
        await using var dns = await Unbound.StartAsync(folder,
        [
            $"_smtp._tls.dest.example. TXT \"v=TLSRPTv1; rua=https://reports.dest.example:{web.Port}/reports,mailto:tls@dest.example\"",
            "reports.dest.example. A 127.0.0.1", "dest.example. MX 10 mx.dest.example.", "mx.dest.example. A 127.0.0.1",
        ]);
        var yesterday = DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        folder.Write("node/state/tls-counts.json", $$"""
            [{"Day":"{{yesterday}}","Domain":"dest.example","Policies":[{"Type":"no-policy-found","Policy":[],"MxHosts":[],"Successes":5,"Failures":[]}]}]
            """);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            More = $"""
                dns:
                  servers: ['127.0.0.1:{dns.Port}']
                delivery:
                  port: {sink.Port}
                  allowed_networks: [127.0.0.0/8]
                  ca_file: {folder.Write("ca.pem", workshop.RootPem)}
                  tls_reports:
                    organisation: Example Inc.
                    contact: tls@example.com
                    from: tls@example.com
                    delay: 0s
                """,
        });

        await sink.WaitForAsync(1, TimeSpan.FromSeconds(30), () => node.Process.Output);
        var mail = sink.Mails().Single();
        mail.Recipients.Single().ShouldBe("tls@dest.example");
        mail.Content.ShouldContain("TLS-Report-Domain: dest.example");
        mail.Content.ShouldContain("DKIM-Signature:");
        using var unpacked = new GZipStream(new MemoryStream(web.Reports.Single()), CompressionMode.Decompress);
        var report = JsonDocument.Parse(unpacked).RootElement;
        report.GetProperty("organization-name").GetString().ShouldBe("Example Inc.");
        report.GetProperty("date-range").GetProperty("start-datetime").GetString().ShouldBe($"{yesterday}T00:00:00Z");
        report.GetProperty("policies")[0].GetProperty("summary").GetProperty("total-successful-session-count").GetInt32().ShouldBe(5);
    }
}
