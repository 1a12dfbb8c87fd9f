using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.Delivery.Tests.TransportSecurity;

/// <summary>A certificate authority of a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name = "CN=test root", TestAuthority? issuer = null)
    {
        var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Certificate = issuer is null
            ? request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30))
            : issuer.Sign(request, issuer._key, DateTimeOffset.UtcNow.AddDays(20));
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2 Issue(string host, DateTimeOffset? end = null) => IssueBy(_key, host, end);

    /// <summary>Says that this authority issued it, and is signed by somebody else.</summary>
    public X509Certificate2 Forge(string host)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return IssueBy(other, host, null);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 IssueBy(ECDsa signer, string host, DateTimeOffset? end)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = Sign(request, signer, end ?? DateTimeOffset.UtcNow.AddDays(10));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    private X509Certificate2 Sign(CertificateRequest request, ECDsa signer, DateTimeOffset end) => request.Create(
        Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), DateTimeOffset.UtcNow.AddDays(-20), end, [1, 2, 3, 4]);
}
