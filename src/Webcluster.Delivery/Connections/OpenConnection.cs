using Webcluster.Delivery.Routing;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Connections;

/// <summary>A connection that is ready for transactions. Whoever has it closes it.</summary>
/// <param name="Server">What the server offers, as of its last EHLO.</param>
internal sealed record OpenConnection(SmtpWire Wire, Peer Peer, ServerCapabilities Server) : IAsyncDisposable
{
    /// <summary>Where it leads.</summary>
    public required HostPort Host { get; init; }

    /// <summary>What it was opened for, and has.</summary>
    public required TlsDemand Demand { get; init; }

    public required TlsProof Proof { get; init; }

    public ValueTask DisposeAsync() => Wire.DisposeAsync();
}
