using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.Submission.Tls;

/// <summary>A certificate that can be replaced while connections come in. The chain is built here, once, and not per handshake.</summary>
public sealed class SwappableCertificate : ICertificateSource
{
    private volatile SslStreamCertificateContext? _current;

    public SslStreamCertificateContext? Current => _current;

    /// <param name="certificate">With its private key. It stays the caller's, and must live as long as handshakes may use it.</param>
    /// <param name="intermediates">The certificates between it and the root, in any order.</param>
    public void Replace(X509Certificate2 certificate, X509Certificate2Collection? intermediates = null) =>
        // Offline: what the file does not hold is not fetched from the network.
        _current = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
}
