using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Connections;

/// <summary>A connection that is ready for transactions. Whoever has it closes it.</summary>
/// <param name="Host">Where it leads, and how it is secured.</param>
/// <param name="Server">What the server offers, as of its last EHLO.</param>
internal sealed record OpenConnection(SmtpWire Wire, Peer Peer, SecuredHost Host, ServerCapabilities Server) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Wire.DisposeAsync();
}
