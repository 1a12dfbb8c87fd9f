using System.Security.Cryptography.X509Certificates;
using Webcluster.Submission.Tls;
using Webcluster.TestKit.Peers;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>What the servers under test show.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Certificate { get; } = PeerCertificate.Create("mx.example");

    public static SwappableCertificate Source
    {
        get
        {
            var source = new SwappableCertificate();
            source.Replace(Certificate);
            return source;
        }
    }
}
