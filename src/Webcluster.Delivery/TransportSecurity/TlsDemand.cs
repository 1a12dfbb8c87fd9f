using Webcluster.Delivery.TransportSecurity.MtaSts;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>
/// What the mail for a domain asks of every connection that it travels on, whatever the host. Domains that ask the same are equal, so their
/// mail may share a transaction.
/// </summary>
/// <param name="Policy">The operator's word. None stands above all else.</param>
/// <param name="IsMxAuthentic">Who the domain's hosts are is known for certain (DNSSEC), so their TLSA records count.</param>
/// <param name="Sts">The domain's own policy, enforced or testing; null: it has none.</param>
internal sealed record TlsDemand(TlsPolicy Policy, bool IsMxAuthentic = false, StsPolicy? Sts = null)
{
    /// <summary>The sender's word (REQUIRETLS): hosts that are the domain's for certain, verified, and nothing less.</summary>
    public bool IsRequiredBySender { get; init; }

    /// <summary>It asks for more than the operator does, so its failure says nothing of the other mail for the same hosts.</summary>
    public bool IsOfDomain => IsRequiredBySender || IsMxAuthentic || Sts is { Mode: StsMode.Enforce };

    /// <summary>Those who ask for less go first: they are not to wait for what only others ask for.</summary>
    public int Strictness =>
        (int)Policy + (IsMxAuthentic ? 10 : 0) + (Sts is { Mode: StsMode.Enforce } ? 20 : 0) + (IsRequiredBySender ? 40 : 0);
}
