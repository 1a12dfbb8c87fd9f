using System.Diagnostics;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.TransportSecurity.TlsReporting;
using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>By which rule a connection is secured.</summary>
internal enum TlsRule { None, Opportunistic, Required, Verified, Sts, Dane }

/// <summary>What a connection to one host must have for the mail of one domain: decided once, before connecting, and carried
/// along.</summary>
/// <param name="Tlsa">Under DANE, the records of which one must match.</param>
/// <param name="Refusal">Not null: no connection to this host may be used at all.</param>
/// <param name="Sts">The domain's policy, where it decides or is being tested.</param>
internal sealed record TlsDecision(TlsRule Rule, IReadOnlyList<TlsaRecord> Tlsa, TlsRefusal? Refusal = null, StsPolicy? Sts = null)
{
    public bool UsesTls => Rule != TlsRule.None;

    public bool MayGoWithout => Rule is TlsRule.None or TlsRule.Opportunistic;

    public TlsProof Needs => Rule switch
    {
        TlsRule.None or TlsRule.Opportunistic => TlsProof.None,
        TlsRule.Required => TlsProof.Encrypted,
        TlsRule.Verified or TlsRule.Sts => TlsProof.Encrypted | TlsProof.Trusted,
        TlsRule.Dane => TlsProof.Encrypted | TlsProof.Dane,
        _ => throw new UnreachableException(),
    };

    /// <summary>May the mail that this was decided for travel on a connection that has so much?</summary>
    public bool IsMetBy(TlsProof proof) => Refusal is null && (proof & Needs) == Needs;

    public static TlsDecision By(TlsRule rule) => new(rule, []);

    public static TlsDecision Refused(TlsRule rule, TlsResult result, string reason) => new(rule, [], new TlsRefusal(result, reason));
}

internal sealed record TlsRefusal(TlsResult Result, string Reason);
