using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>What delivery shows a server that asks for a certificate; few do.</summary>
public sealed class ClientCertificateOptions
{
    /// <summary>PEM file: the certificate, then those that issued it. Default none.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file: its private key, unencrypted. Default none.</summary>
    public string Key { get; set; } = "";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Certificate.Length > 0 && Key.Length == 0) yield return ("key", "is needed with certificate");
        if (Key.Length > 0 && Certificate.Length == 0) yield return ("certificate", "is needed with key");
    }

    /// <summary>Why the pair cannot be used; null: it can.</summary>
    internal string? FileProblem()
    {
        try
        {
            Load();
            return null;
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"{Certificate} cannot be used with {Key}: {failure.Message.TrimEnd('.')}";
        }
    }

    /// <returns>Null where none is configured.</returns>
    /// <exception cref="CryptographicException">The files hold no pair.</exception>
    internal SslStreamCertificateContext? Load()
    {
        if (Certificate.Length == 0) return null;
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(Certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(Certificate, Key), chain, offline: true);
    }
}
