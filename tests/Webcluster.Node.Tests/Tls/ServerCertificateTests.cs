using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.Node.FirstRun;
using Webcluster.Node.Tls;
using Xunit;

namespace Webcluster.Node.Tests.Tls;

public sealed class ServerCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly TemporaryFolder _folder = new();
    private readonly TlsOptions _options;

    public ServerCertificateTests() => _options = new TlsOptions
    {
        Certificate = Path.Combine(_folder.Path, "cert.pem"), Key = Path.Combine(_folder.Path, "key.pem"),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(364, false)]
    [InlineData(366, true)]
    public void EndedAt_Days_AreCountedFromItsMaking(int days, bool expected)
    {
        SelfSignedCertificate.Ensure(_options.Certificate, _options.Key, Now);
        ServerCertificate.EndedAt(_options, Now.AddDays(days)).HasValue.ShouldBe(expected);
    }

    [Fact]
    public void EndedAt_NoneThatCanBeUsed_IsUnknown()
    {
        ServerCertificate.EndedAt(new TlsOptions(), Now).ShouldBeNull();
        ServerCertificate.EndedAt(_options, Now).ShouldBeNull();
    }

    [Fact]
    public async Task Check_CertificateThatHasEnded_IsNotOk()
    {
        SelfSignedCertificate.Ensure(_options.Certificate, _options.Key, Now.AddDays(-400));
        _folder.Write("webcluster.yaml", "tls: {certificate: cert.pem, key: key.pem}\n");
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.Path };

        (await CommandLine.InvokeAsync(["check"], new CliContext(TextReader.Null, output, output, environment, _folder.Path)))
            .ShouldBe(ExitCode.Usage);

        output.ToString().ShouldMatch($"^webcluster: tls.certificate: {_options.Certificate} ended [0-9]{{4}}-[^\n]+Z\n$");
    }
}
