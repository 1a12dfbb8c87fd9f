using Webcluster.Delivery.Hosts;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>A host as one open connection has it.</summary>
/// <param name="Demand">What the connection was opened for.</param>
/// <param name="Proof">What it has.</param>
internal sealed record SecuredHost(HostPort Host, TlsDemand Demand, TlsProof Proof);
