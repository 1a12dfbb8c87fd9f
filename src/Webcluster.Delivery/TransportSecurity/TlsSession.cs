using System.Net;
using Webcluster.Delivery.TransportSecurity.TlsReporting;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>What came of securing one connection.</summary>
/// <param name="Domain">Of the mail that it was opened for.</param>
/// <param name="Address">Null where it came to no connection.</param>
internal sealed record TlsSession(string Domain, TlsDecision Decision, string Host, IPAddress? Address, TlsResult Result)
{
    /// <summary>This node's address; null where it came to no connection.</summary>
    public IPAddress? From { get; init; }

    /// <summary>An earlier session was resumed; null: there was no handshake, or it did not come to its end.</summary>
    public bool? IsResumed { get; init; }
}
