using System.Net;
using System.Net.Sockets;
using Webcluster.Delivery.Hosts;

namespace Webcluster.Node.Webhooks.Sending;

/// <summary>
/// Connections to hosts of the Internet, and to what the operator allowed besides. The addresses that are checked are those that are
/// connected to: a name that resolves differently a moment later gains nothing.
/// </summary>
internal sealed class GuardedConnections(NetworkPolicy networks)
{
    // A new connection asks DNS anew.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    public SocketsHttpHandler Handler(int connections, TimeSpan connectTimeout) => new()
    {
        ConnectCallback = ConnectAsync,
        ConnectTimeout = connectTimeout,
        MaxConnectionsPerServer = connections,
        PooledConnectionLifetime = Lifetime,
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy of the environment would connect where it likes.
        UseProxy = false,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 64 * 1024,
        ActivityHeadersPropagator = null,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var end = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(end.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(end.Host, cancellation);
        var allowed = Array.FindAll(addresses, networks.Allows);
        if (allowed.Length == 0 && addresses.Length > 0)
            throw new ForbiddenAddressException(
                $"{(literal is null ? $"{end.Host} ({addresses[0]})" : addresses[0])} is not of the Internet, and not in allow_private");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, end.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
