using System.Net;
using Webcluster.Protocol.Socks;

namespace Webcluster.Delivery.Sources;

/// <summary>Speaks with a SOCKS5 proxy over a stream. What the network does is thrown; the caller bounds the time.</summary>
internal sealed class Socks5Client(Stream stream, EgressProxy proxy)
{
    private readonly Socks5Handshake _handshake = new(proxy.User, proxy.Password);

    /// <returns>None: the proxy can be asked for a connection.</returns>
    public async Task<Socks5Problem> SignInAsync(CancellationToken cancellation)
    {
        await stream.WriteAsync(_handshake.Greeting, cancellation);
        return await AdvanceAsync(cancellation);
    }

    /// <returns>None: what the stream carries from here on is the connection to <paramref name="target"/>.</returns>
    public async Task<Socks5Problem> ConnectAsync(IPEndPoint target, CancellationToken cancellation)
    {
        await stream.WriteAsync(_handshake.Connect(target), cancellation);
        return await AdvanceAsync(cancellation);
    }

    private async Task<Socks5Problem> AdvanceAsync(CancellationToken cancellation)
    {
        while (_handshake.Wanted > 0)
        {
            var octets = new byte[_handshake.Wanted];
            await stream.ReadExactlyAsync(octets, cancellation);
            if (_handshake.Take(octets) is { Length: > 0 } answer) await stream.WriteAsync(answer, cancellation);
        }

        return _handshake.Problem;
    }
}
