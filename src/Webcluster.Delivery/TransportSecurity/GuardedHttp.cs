using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Hosts;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>
/// HTTPS to hosts that strangers name: addresses by our own resolver, only of networks that mail may be sent to; certificate verified; no
/// redirect, no proxy, no cookie; little header. The caller bounds time and body.
/// </summary>
internal sealed class GuardedHttp(IDnsResolver dns, NetworkPolicy networks, TrustedRoots roots)
{
    private const int MostAddresses = 4;

    /// <param name="hosts">Where some are found instead of by DNS; the operator's word, so any network.</param>
    public HttpClient Create(IReadOnlyDictionary<string, IPEndPoint> hosts)
    {
        var ssl = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = TrustedRoots.ChainPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => roots.Accept(certificate, chain, errors),
        };
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero,
            SslOptions = ssl,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, hosts, cancellation),
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private async ValueTask<Stream> ConnectAsync(
        DnsEndPoint target, IReadOnlyDictionary<string, IPEndPoint> hosts, CancellationToken cancellation)
    {
        var failure = new SocketException((int)SocketError.HostNotFound);
        foreach (var endPoint in hosts.TryGetValue(target.Host, out var configured) ? [configured] : await FindAsync(target, cancellation))
        {
            var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(endPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error)
            {
                socket.Dispose();
                failure = error;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure;
    }

    private async ValueTask<IEnumerable<IPEndPoint>> FindAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        // An address in the place of a name is none that DNS vouches for, but the same networks are out of bounds.
        var addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : (await dns.AddressesAsync(target.Host, AddressFamilies.Both, cancellation)).Records;
        return addresses.Where(networks.Allows).Take(MostAddresses).Select(address => new IPEndPoint(address, target.Port));
    }
}
