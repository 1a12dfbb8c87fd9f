using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.TransportSecurity.Dane;

/// <summary>Does what a server shows match its TLSA records (RFC 7672 §3.1)? One record that matches is enough.</summary>
internal static class DaneCheck
{
    /// <param name="records">Usable ones only.</param>
    /// <param name="sent">The certificates that came with the server's own.</param>
    public static bool Matches(IReadOnlyList<TlsaRecord> records, X509Certificate2 leaf, X509Certificate2Collection sent, string host) =>
        // rfc7672#3.1.1: for the server's own certificate neither its name nor its dates matter.
        records.Any(record => record.Usage == DaneRecords.EndEntity && Matches(record, leaf))
        || records.Where(record => record.Usage == DaneRecords.TrustAnchor).ToList() is { Count: > 0 } anchors
            && IsFor(leaf, host) && IsAnchored(anchors, leaf, sent);

    private static bool IsFor(X509Certificate2 leaf, string host)
    {
        try
        {
            return leaf.MatchesHostname(host);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            // Names that cannot be read name nobody; nor does a certificate name a host that is none ("_mx.example").
            return false;
        }
    }

    // rfc7672#3.1.2: the anchor has to be in the chain, or whole in the record; name, dates and signatures below it count.
    private static bool IsAnchored(List<TlsaRecord> records, X509Certificate2 leaf, X509Certificate2Collection sent)
    {
        using var published = new CertificateBin();
        foreach (var record in records)
            if (record is { Selector: DaneRecords.WholeCertificate, MatchingType: DaneRecords.Exact })
                published.TryAdd(record.Data);
        using var chain = new X509Chain { ChainPolicy = TrustedRoots.ChainPolicy() };
        // Nobody's root is trusted: the chain may end anywhere, so long as an anchor is in it.
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        chain.ChainPolicy.ExtraStore.AddRange(published.Certificates);
        if (!chain.Build(leaf)) return false;
        // The first is the server's own: it is no authority.
        return chain.ChainElements.Skip(1).Any(element => records.Exists(record => Matches(record, element.Certificate)));
    }

    public static bool Matches(TlsaRecord record, X509Certificate2 certificate)
    {
        var selected = record.Selector == DaneRecords.WholeCertificate
            ? certificate.RawData
            : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        return record.MatchingType switch
        {
            DaneRecords.Exact => record.Data.Span.SequenceEqual(selected),
            DaneRecords.Sha256 => record.Data.Span.SequenceEqual(SHA256.HashData(selected)),
            DaneRecords.Sha512 => record.Data.Span.SequenceEqual(SHA512.HashData(selected)),
            _ => false,
        };
    }

    private sealed class CertificateBin : IDisposable
    {
        public X509Certificate2Collection Certificates { get; } = [];

        public void TryAdd(ReadOnlyMemory<byte> der)
        {
            try
            {
                Certificates.Add(X509CertificateLoader.LoadCertificate(der.Span));
            }
            catch (CryptographicException)
            {
                // Octets that are no certificate match nothing.
            }
        }

        public void Dispose()
        {
            foreach (var certificate in Certificates) certificate.Dispose();
        }
    }
}
