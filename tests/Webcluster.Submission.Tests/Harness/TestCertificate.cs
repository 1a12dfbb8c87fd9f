using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webcluster.Submission.Listeners;

namespace Webcluster.Submission.Tests.Harness;

internal static class TestCertificate
{
    public static X509Certificate2 Certificate { get; } = Make();

    public static SwappableCertificate Source
    {
        get
        {
            var source = new SwappableCertificate();
            source.Replace(Certificate);
            return source;
        }
    }

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mx.example", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
