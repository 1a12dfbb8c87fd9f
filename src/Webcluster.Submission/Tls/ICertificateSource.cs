using System.Net.Security;

namespace Webcluster.Submission.Tls;

/// <summary>Where listeners get their certificate from: asked at each handshake, so a new one takes effect at once.</summary>
public interface ICertificateSource
{
    /// <summary>The certificate with its chain; null while there is none: then STARTTLS is not offered, and implicit TLS fails.</summary>
    SslStreamCertificateContext? Current { get; }
}
