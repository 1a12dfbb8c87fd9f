using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.Submission.Tls;

/// <summary>How the server speaks TLS: 1.2 and 1.3 (RFC 8996, RFC 8997), no renegotiation, no client certificates.</summary>
public static class ServerTls
{
    /// <summary>For a handshake now.</summary>
    /// <exception cref="AuthenticationException">There is no certificate.</exception>
    public static SslServerAuthenticationOptions OptionsOf(ICertificateSource source) =>
        Options(source.Current ?? throw new AuthenticationException("There is no certificate."));

    internal static SslServerAuthenticationOptions Options(SslStreamCertificateContext certificate) => new()
    {
        ServerCertificateContext = certificate,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
        ClientCertificateRequired = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };
}
