using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webcluster.Node.Files;

namespace Webcluster.Node.FirstRun;

/// <summary>
/// A certificate for trying things out: ECDSA P-256, for localhost, this host's name and the loopback addresses. Its own issuer.
/// </summary>
internal static class SelfSignedCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>Makes certificate and key where there is no pair, or where it ends soon.</summary>
    public static void Ensure(string certificateFile, string keyFile, DateTimeOffset now)
    {
        if (File.Exists(certificateFile) && File.Exists(keyFile) && EndOf(certificateFile, keyFile) - now > RenewBefore) return;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = RequestFor(key).CreateSelfSigned(now.AddHours(-1), now + Lifetime);
        PrivateFile.EnsureFolder(Path.GetDirectoryName(certificateFile)!);
        PrivateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFile.WriteReadable(certificateFile, certificate.ExportCertificatePem() + "\n");
    }

    private static CertificateRequest RequestFor(ECDsa key)
    {
        var request = new CertificateRequest("CN=localhost, O=Webcluster first run", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        if (Uri.CheckHostName(Environment.MachineName) == UriHostNameType.Dns && Environment.MachineName != "localhost")
            names.AddDnsName(Environment.MachineName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        // A client that is given the certificate as its authority asks for this.
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        return request;
    }

    private static DateTimeOffset EndOf(string certificateFile, string keyFile)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            return new DateTimeOffset(certificate.NotAfter);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            // One was cut off, or the power went between the two.
            return DateTimeOffset.MinValue;
        }
    }
}
