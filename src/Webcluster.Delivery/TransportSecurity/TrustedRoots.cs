using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>Whose certificates are believed: the system's authorities and, where configured, those of one file besides.
/// Thread-safe.</summary>
internal sealed class TrustedRoots(X509Certificate2Collection more)
{
    /// <param name="file">PEM; empty: the system's authorities only.</param>
    public static TrustedRoots Load(string file)
    {
        var more = new X509Certificate2Collection();
        if (file.Length > 0) more.ImportFromPemFile(file);
        return new TrustedRoots(more);
    }

    /// <summary>Why a file cannot be used; null: it can.</summary>
    public static string? ProblemOf(string file)
    {
        try
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPemFile(file);
            return read.Count == 0 ? $"{file} holds no certificate" : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"{file} cannot be used: {failure.Message.TrimEnd('.')}";
        }
    }

    /// <summary>How chains are built for peers that anybody may be: nothing is fetched from addresses that their certificates
    /// name.</summary>
    public static X509ChainPolicy ChainPolicy() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>For a RemoteCertificateValidationCallback: is the certificate valid for the name that was asked for?</summary>
    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        return more.Count > 0 && errors == SslPolicyErrors.RemoteCertificateChainErrors
            && certificate is X509Certificate2 leaf && IsOfMore(leaf, chain);
    }

    private bool IsOfMore(X509Certificate2 leaf, X509Chain? sent)
    {
        using var chain = new X509Chain { ChainPolicy = ChainPolicy() };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(more);
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication());
        return chain.Build(leaf);
    }

    private static Oid ServerAuthentication() => new("1.3.6.1.5.5.7.3.1");
}
