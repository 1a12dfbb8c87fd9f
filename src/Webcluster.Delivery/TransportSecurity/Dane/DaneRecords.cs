using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.TransportSecurity.Dane;

/// <summary>Which TLSA records can be used for SMTP (RFC 7672 §3.1). Pure.</summary>
internal static class DaneRecords
{
    public const byte TrustAnchor = 2, EndEntity = 3;
    public const byte WholeCertificate = 0, PublicKey = 1;
    public const byte Exact = 0, Sha256 = 1, Sha512 = 2;

    // A record that nobody could match must not cost us anything.
    private const int MostOctets = 8192;
    private const int MostRecords = 64;

    public static IReadOnlyList<TlsaRecord> Usable(IReadOnlyList<TlsaRecord> records) => [.. records.Where(IsUsable).Take(MostRecords)];

    // rfc7672#3.1.3: usages 0 and 1 are not used with SMTP.
    private static bool IsUsable(TlsaRecord record) =>
        record.Usage is TrustAnchor or EndEntity && record.Selector is WholeCertificate or PublicKey && record.MatchingType switch
        {
            Exact => record.Data.Length is > 0 and <= MostOctets,
            Sha256 => record.Data.Length == 32,
            Sha512 => record.Data.Length == 64,
            _ => false,
        };
}
