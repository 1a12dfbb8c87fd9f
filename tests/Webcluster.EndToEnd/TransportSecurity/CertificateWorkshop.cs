using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.EndToEnd.TransportSecurity;

/// <summary>A certificate authority of a test, and what it issues.</summary>
internal sealed class CertificateWorkshop : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    public CertificateWorkshop()
    {
        var request = new CertificateRequest("CN=test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
    }

    public string RootPem => _root.ExportCertificatePem();

    /// <summary>Valid for all of these names.</summary>
    public IssuedCertificate Issue(params string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts) names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(_root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10), [1, 2, 3, 4]);
        return new IssuedCertificate(
            signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}

/// <param name="KeyDigest">SHA-256 of the public key, as TLSA records have it.</param>
internal sealed record IssuedCertificate(string Pem, string KeyPem, byte[] KeyDigest);
