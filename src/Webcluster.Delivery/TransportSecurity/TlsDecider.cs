using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.TransportSecurity.Dane;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.TransportSecurity.TlsReporting;
using Webcluster.Queue.Messages;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>
/// The one place where it is decided how a connection is secured. In this order, the first that applies: the operator's "none"; DANE; the
/// domain's enforced MTA-STS policy; the operator's policy, or the sender's where that asks for more.
/// </summary>
/// <param name="policies">Null: MTA-STS is off.</param>
/// <param name="sessions">Who is told of policies that cannot be had; null: nobody.</param>
internal sealed class TlsDecider(IDnsResolver dns, StsPolicies? policies, bool useDane, ITlsSessions? sessions)
{
    /// <summary>
    /// What the mail for a domain asks. Hosts that the operator configured have the operator's policy and no other; what a domain publishes
    /// does not count for mail whose sender would rather have it delivered (RFC 8689 §5).
    /// </summary>
    /// <param name="policy">The operator's, for the domain's hosts.</param>
    public async ValueTask<TlsDemand> DemandAsync(
        string domain, TlsPolicy policy, HostVoucher voucher, TlsWish wish, CancellationToken cancellation)
    {
        var isRequired = wish == TlsWish.Required;
        var isConfigured = voucher == HostVoucher.Operator;
        if (isConfigured || wish == TlsWish.Relaxed || policy == TlsPolicy.None || domain.StartsWith('['))
            return new TlsDemand(policy, isRequired && isConfigured) { IsRequiredBySender = isRequired };
        var answer = policies is null ? new StsAnswer(null, null) : await policies.FindAsync(domain, cancellation);
        var sts = answer.Policy is { Mode: not StsMode.None } inForce ? inForce : null;
        if (answer.Failure is { } failure) sessions?.Ended(new TlsSession(domain, TlsDecision.By(TlsRule.Sts), "", null, failure.Result));
        return new TlsDemand(policy, useDane && voucher == HostVoucher.Dnssec, sts) { IsRequiredBySender = isRequired };
    }

    /// <param name="isAuthentic">The host's addresses are known for certain (DNSSEC).</param>
    public async ValueTask<TlsDecision> DecideAsync(TlsDemand demand, HostPort host, bool isAuthentic, CancellationToken cancellation)
    {
        if (demand.Policy == TlsPolicy.None && !demand.IsRequiredBySender) return TlsDecision.By(TlsRule.None);
        // rfc8689#4.2.1: the host must be known to be the domain's, by DNSSEC, by MTA-STS or by the operator's word.
        if (demand is { IsRequiredBySender: true, IsMxAuthentic: false } && demand.Sts?.Allows(host.Host) is not true)
            return TlsDecision.Refused(
                TlsRule.Verified, TlsResult.ValidationFailure, $"REQUIRETLS: nothing vouches for {host.Host} as the domain's mail host");
        var decision = Published(demand, host);
        // rfc7672#2.2.2: TLSA records are asked for only where the addresses are authentic; elsewhere servers fail that never heard of
        // them.
        if (!demand.IsMxAuthentic || !isAuthentic) return decision;
        var answer = await dns.TlsaAsync($"_{host.Port}._tcp.{host.Host}", cancellation);
        // rfc7672#2.1.1: without an answer an attacker may be holding the records back.
        if (answer.IsTemporary)
            return TlsDecision.Refused(
                TlsRule.Dane, TlsResult.DnssecInvalid, $"DANE: no valid answer from DNS for the TLSA records of {host.Host}");
        if (answer.Records.Count == 0 || !answer.Authenticated) return decision;
        // rfc8461#2: a policy of MTA-STS takes nothing back of what DANE asks.
        if (DaneRecords.Usable(answer.Records) is { Count: > 0 } usable) return new TlsDecision(TlsRule.Dane, usable);
        // rfc7672#2.2: records of which none can be used still say that there is TLS.
        return decision.Rule == TlsRule.Opportunistic ? decision with { Rule = TlsRule.Required } : decision;
    }

    /// <summary>May mail that asks for this travel on that connection?</summary>
    public async ValueTask<bool> IsMetAsync(TlsDemand demand, SecuredHost connected, CancellationToken cancellation)
    {
        if (demand == connected.Demand) return true;
        var host = connected.Host;
        var isAuthentic = false;
        if (demand.IsMxAuthentic && host.Address is null)
        {
            var answer = await dns.AddressesAsync(host.Host, AddressFamilies.Both, cancellation);
            // Whether DANE applies is not known now.
            if (answer.IsTemporary) return false;
            isAuthentic = answer.Authenticated;
        }

        return (await DecideAsync(demand, host, isAuthentic, cancellation)).IsMetBy(connected.Proof);
    }

    private static TlsDecision Published(TlsDemand demand, HostPort host)
    {
        var rule = demand.Policy switch
        {
            _ when demand.IsRequiredBySender => TlsRule.Verified,
            TlsPolicy.Required => TlsRule.Required,
            TlsPolicy.Verified => TlsRule.Verified,
            TlsPolicy.None or TlsPolicy.Opportunistic or _ => TlsRule.Opportunistic,
        };
        if (demand.Sts is not { Mode: StsMode.Enforce } enforced) return new TlsDecision(rule, [], Sts: demand.Sts);
        // rfc8461#4.1
        return new TlsDecision(TlsRule.Sts, [], enforced.Allows(host.Host) ? null : Stranger(host), enforced);
    }

    private static TlsRefusal Stranger(HostPort host) => new(
        TlsResult.ValidationFailure, $"MTA-STS: the domain's policy does not name {host.Host} as its mail host");
}
