using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.TestKit.Peers;

/// <summary>Self-signed certificates for servers in tests; nobody trusts them.</summary>
public static class PeerCertificate
{
    public static X509Certificate2 Create(string host, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var end = notAfter ?? DateTimeOffset.UtcNow.AddDays(1);
        return request.CreateSelfSigned(end.AddDays(-30), end);
    }
}
