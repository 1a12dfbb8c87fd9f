using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Transfer;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.Wire;

namespace Webcluster.Delivery.Pump;

/// <summary>What it means for a session that a connection did not come about. Pure.</summary>
/// <param name="Demand">What the connection was to have.</param>
internal readonly record struct ConnectFailure(Trouble Trouble, TlsDemand Demand)
{
    /// <summary>What only the mail's domain asks for is missing: no trouble of the site.</summary>
    public bool IsOfDomain => Demand.IsOfDomain && (IsOfTls || Trouble.Stage is Stage.Policy or Stage.Handshake);

    /// <summary>The session has nothing more to do. What is certain ends nothing: the lane's other messages fail as fast.</summary>
    public bool EndsSession => !IsOfDomain && Trouble.Kind != TroubleKind.NoUsableAddress;

    // rfc8689#4.2.1: mail that may not go unprotected goes back instead of waiting for the hosts to change.
    public Verdict Verdict => IsOfTls && Demand.IsRequiredBySender
        ? OutcomePolicy.Judge(Unsendable.NeedsRequireTls)
        : OutcomePolicy.Judge(Trouble);

    private bool IsOfTls => Trouble.Kind is TroubleKind.TlsUnavailable or TroubleKind.TlsFailed;
}
