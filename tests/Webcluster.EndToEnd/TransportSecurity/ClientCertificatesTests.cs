using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.EndToEnd.Receivers;
using Xunit;

namespace Webcluster.EndToEnd.TransportSecurity;

/// <summary>A Postfix that takes mail only from clients with a certificate of its authority sees, for each provider, the one that is
/// configured for it, though all have the same host and its sessions are resumed.</summary>
public sealed class ClientCertificatesTests
{
    [PeerFact("postfix", "unbound", "smtp-source")]
    public async Task ServerRequiresOne_EachProviderIsShownItsOwn()
    {
        using var folder = new TemporaryFolder();
        using var workshop = new CertificateWorkshop();
        var authority = folder.Write("ca.pem", workshop.RootPem);
        await using var postfix = await PostfixReceiver.StartAsync(folder, workshop.Issue("mx.dest.example"), $"""
            smtpd_tls_security_level = encrypt
            smtpd_tls_ask_ccert = yes
            smtpd_tls_req_ccert = yes
            smtpd_tls_CAfile = {authority}
            """);
        string[] domains = ["a.example", "b.example", "c.example"];
        await using var dns = await Unbound.StartAsync(folder, [.. domains.Select(domain => $"{domain}. MX 10 mx.dest.example."), "mx.dest.example. A 127.0.0.1"]);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            More = $"""
                dns:
                  servers: ['127.0.0.1:{dns.Port}']
                delivery:
                  port: {postfix.Port}
                  allowed_networks: [127.0.0.0/8]
                  tls: verified
                  ca_file: {authority}
                  idle_timeout: 0s
                  client_certificate: {Pair(folder, workshop, "of-all")}
                providers:
                  - name: a
                    domains: [a.example]
                    client_certificate: {Pair(folder, workshop, "of-a")}
                traffic:
                  - domain: b.example
                    client_certificate: {Pair(folder, workshop, "of-b")}
                """,
        });

        for (var round = 1; round <= 2; round++)
        {
            foreach (var domain in domains)
            {
                var ran = await Tool.RunAsync("smtp-source", ["-f", "sender@example.com", "-t", $"box@{domain}", $"127.0.0.1:{node.Settings.TrustedPort}"]);
                ran.ExitCode.ShouldBe(0, ran.ToString());
            }

            await postfix.WaitForAsync(round * domains.Length, () => node.Process.Output);
        }

        foreach (var (domain, shown) in domains.Zip(["of-a", "of-b", "of-all"]))
        {
            var mails = postfix.Mails().Where(mail => mail.Contains($"box@{domain}")).ToList();
            mails.Count.ShouldBe(2);
            mails.ShouldAllBe(mail => mail.Contains($"(Client CN \"{shown}.example\", Issuer \"test authority\" (verified OK))"));
        }
    }

    [Fact]
    public async Task Check_FilesOfProviders_AreAllLookedAt()
    {
        using var folder = new TemporaryFolder();
        using var workshop = new CertificateWorkshop();
        var open = folder.Write("open.key", workshop.Issue("a.example").KeyPem);
        var config = new NodeSettings(folder)
        {
            More = $$"""
                providers:
                  - name: google
                    client_certificate: {certificate: missing.pem, key: {{open}}}
                  - name: yahoo
                    client_certificate: {certificate: only.pem}
                """,
        }.Write();
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var ran = await NodeProcess.RunAsync(["check", "--config", config]);
        ran.ExitCode.ShouldNotBe(0);
        ran.ToString().ShouldSatisfyAllConditions(
            said => said.ShouldContain("providers[0].client_certificate.certificate: "),
            said => said.ShouldContain("missing.pem does not exist"),
            said => said.ShouldContain("open.key can be read by others than its owner: chmod 600"),
            said => said.ShouldContain("providers[1].client_certificate.key: is needed with certificate"),
            said => said.ShouldContain("only.pem does not exist"));
    }

    private static string Pair(TemporaryFolder folder, CertificateWorkshop workshop, string name)
    {
        var issued = workshop.Issue($"{name}.example");
        var key = folder.Write($"{name}.key", issued.KeyPem);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return $"{{certificate: {folder.Write($"{name}.pem", issued.Pem)}, key: {key}}}";
    }
}
