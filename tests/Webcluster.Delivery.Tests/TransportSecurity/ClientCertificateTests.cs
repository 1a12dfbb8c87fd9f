using System.Runtime.Versioning;
using Shouldly;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Processes;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity;

[UnsupportedOSPlatform("windows")]
public sealed class ClientCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ClientCertificateTests()
    {
        Write("one");
        Write("two");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("none.pem", "one.key", "certificate: none.pem does not exist")]
    [InlineData("none.pem", "none.key", "certificate: none.pem does not exist|key: none.key does not exist")]
    [InlineData("one.pem", "one.open.key", "key: one.open.key can be read by others than its owner: chmod 600")]
    [InlineData("one.key", "one.open.key", "key: one.open.key can be read by others than its owner: chmod 600|certificate: one.key cannot be used with one.open.key: ")]
    [InlineData("one.pem", "two.key", "certificate: one.pem cannot be used with two.key: ")]
    [InlineData("one.pem", "one.pem", "certificate: one.pem cannot be used with one.pem: ")]
    public void FileProblems_Files_AreAllFound(string certificate, string key, string expected)
    {
        File.SetUnixFileMode(_folder.PathOf("one.pem"), UnixFileMode.UserRead);
        string.Join('|', Pair(certificate, key).FileProblems().Select(found => $"{found.Key}: {found.Problem}"))
            .Replace(_folder.Path + "/", "", StringComparison.Ordinal)
            .ShouldStartWith(expected);
    }

    [Fact]
    public void FileProblems_AllIsWell_NoneAreFound() => Pair("one.pem", "one.key").FileProblems().ShouldBeEmpty();

    [Fact]
    public void Of_OwnBeforeCommon_EachLoadedOnce()
    {
        var (one, two) = (Pair("one.pem", "one.key"), Pair("two.pem", "two.key"));
        var shown = new ClientCertificates(one);
        shown.Of(two)!.TargetCertificate.Subject.ShouldBe("CN=two");
        shown.Of(null)!.TargetCertificate.Subject.ShouldBe("CN=one");
        shown.Of(Pair("two.pem", "two.key")).ShouldBeSameAs(shown.Of(two));
        new ClientCertificates(new ClientCertificateOptions()).Of(null).ShouldBeNull();
    }

    private ClientCertificateOptions Pair(string certificate, string key) =>
        new() { Certificate = _folder.PathOf(certificate), Key = _folder.PathOf(key) };

    private void Write(string name)
    {
        using var certificate = PeerCertificate.Create(name);
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        _folder.Write($"{name}.pem", certificate.ExportCertificatePem());
        foreach (var file in new[] { $"{name}.key", $"{name}.open.key" }) _folder.Write(file, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(_folder.PathOf($"{name}.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(_folder.PathOf($"{name}.open.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
    }
}
