using System.Diagnostics;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>What came of securing one connection, in the words of RFC 8460 §4.3.</summary>
internal enum TlsResult
{
    Success, StartTlsNotSupported, CertificateHostMismatch, CertificateExpired, CertificateNotTrusted, ValidationFailure,
    TlsaInvalid, DnssecInvalid, StsPolicyFetchError, StsPolicyInvalid, StsWebpkiInvalid,
}

internal static class TlsResultText
{
    // rfc8460#4.3
    public static string Of(TlsResult result) => result switch
    {
        TlsResult.Success => "success",
        TlsResult.StartTlsNotSupported => "starttls-not-supported",
        TlsResult.CertificateHostMismatch => "certificate-host-mismatch",
        TlsResult.CertificateExpired => "certificate-expired",
        TlsResult.CertificateNotTrusted => "certificate-not-trusted",
        TlsResult.ValidationFailure => "validation-failure",
        TlsResult.TlsaInvalid => "tlsa-invalid",
        TlsResult.DnssecInvalid => "dnssec-invalid",
        TlsResult.StsPolicyFetchError => "sts-policy-fetch-error",
        TlsResult.StsPolicyInvalid => "sts-policy-invalid",
        TlsResult.StsWebpkiInvalid => "sts-webpki-invalid",
        _ => throw new UnreachableException(),
    };
}
