using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.TransportSecurity;

/// <summary>A certificate is renewed under a running node: clients see the new one, on every listener; never one that does not work.</summary>
public sealed class RenewedCertificateTests
{
    [PeerFact("openssl")]
    public async Task Renewed_IsShownWithoutARestart_OneWithAnothersKeyIsNot()
    {
        using var folder = new TemporaryFolder();
        using var workshop = new CertificateWorkshop();
        var settings = new NodeSettings(folder);
        await using var node = await NodeProcess.StartAsync(settings);
        (await ShownAsync(settings.StartTlsPort, "-starttls", "smtp")).ShouldBe("localhost");

        var (first, second) = (workshop.Issue("first.example"), workshop.Issue("second.example"));
        await File.WriteAllTextAsync(settings.CertificateFile, first.Pem);
        await node.Process.SaysAsync("is new, but");
        (await ShownAsync(settings.StartTlsPort, "-starttls", "smtp")).ShouldBe("localhost");

        await File.WriteAllTextAsync(settings.CertificateKeyFile, first.KeyPem);
        await node.Process.SaysAsync("is new;");
        (await ShownAsync(settings.StartTlsPort, "-starttls", "smtp")).ShouldBe("first.example");
        (await ShownAsync(settings.ImplicitTlsPort)).ShouldBe("first.example");
        (await node.GetAsync("/metrics")).ShouldContain("\nwebcluster_tls_certificate_not_after_seconds ");

        File.Delete(settings.CertificateFile);
        await node.Process.SaysAsync("cannot be read again");
        await File.WriteAllTextAsync(settings.CertificateKeyFile, second.KeyPem);
        await File.WriteAllTextAsync(settings.CertificateFile, second.Pem);
        await Eventually(async () => await ShownAsync(settings.ImplicitTlsPort) == "second.example", node);
    }

    /// <summary>The name in the certificate that a client sees.</summary>
    private static async Task<string> ShownAsync(int port, params string[] more)
    {
        var ran = await Tool.RunAsync("openssl", ["s_client", "-connect", $"127.0.0.1:{port}", .. more], "QUIT\r\n");
        return ran.Output.Split('\n').FirstOrDefault(line => line.StartsWith("subject=", StringComparison.Ordinal))?.Split('=')[^1].Trim() ?? ran.ToString();
    }

    private static async Task Eventually(Func<Task<bool>> done, NodeProcess node)
    {
        for (var end = DateTime.UtcNow.AddSeconds(20); !await done(); await Task.Delay(200))
            if (DateTime.UtcNow > end) throw new TimeoutException(node.Process.Output);
    }
}
