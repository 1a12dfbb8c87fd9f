using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Webcluster.Delivery.TransportSecurity.Dane;
using Webcluster.Delivery.TransportSecurity.TlsReporting;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>Looks at the certificate of one handshake: what it proves, and whether that is what was decided. Used once.</summary>
internal sealed class CertificateCheck(TlsDecision decision, string host, TrustedRoots roots)
{
    public TlsProof Proof { get; private set; }

    /// <summary>What a report says of the certificate, whether or not it had to be valid.</summary>
    public TlsResult Result { get; private set; } = TlsResult.ValidationFailure;

    /// <summary>For a RemoteCertificateValidationCallback.</summary>
    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Proof = TlsProof.Encrypted;
        if (roots.Accept(certificate, chain, errors)) Proof |= TlsProof.Trusted;
        if (decision.Rule == TlsRule.Dane && certificate is X509Certificate2 leaf
            && DaneCheck.Matches(decision.Tlsa, leaf, chain?.ChainPolicy.ExtraStore ?? [], host))
            Proof |= TlsProof.Dane;
        Result = ResultOf(chain, errors);
        return decision.IsMetBy(Proof);
    }

    private TlsResult ResultOf(X509Chain? chain, SslPolicyErrors errors)
    {
        if (decision.Rule == TlsRule.Dane) return Proof.HasFlag(TlsProof.Dane) ? TlsResult.Success : TlsResult.TlsaInvalid;
        if (Proof.HasFlag(TlsProof.Trusted)) return TlsResult.Success;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return TlsResult.ValidationFailure;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return TlsResult.CertificateHostMismatch;
        return chain is not null && chain.ChainStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            ? TlsResult.CertificateExpired
            : TlsResult.CertificateNotTrusted;
    }
}
