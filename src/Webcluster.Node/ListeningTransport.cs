using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Webcluster.Node;

/// <summary>Kestrel's sockets, but for one thing: whatever keeps an address from being listened on, the complaint names the address.</summary>
internal sealed class ListeningTransport(IOptions<SocketTransportOptions> options, ILoggerFactory logs) : IConnectionListenerFactory
{
    private readonly SocketTransportFactory _sockets = new(options, logs);

    /// <exception cref="IOException">It cannot be listened on.</exception>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _sockets.BindAsync(endpoint, cancellationToken);
        }
        catch (SocketException error)
        {
            var hint = error.SocketErrorCode == SocketError.AccessDenied ? " (a port below 1024 needs CAP_NET_BIND_SERVICE)" : "";
            throw new IOException($"cannot listen on {endpoint}: {error.Message}{hint}", error);
        }
    }
}
