using System.Net;
using System.Net.Sockets;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.ProxyProtocol;
using Webcluster.Protocol.Socks;

namespace Webcluster.Delivery.Sources;

/// <summary>A connection to an egress proxy that can be told a destination. Whoever has it closes it, or keeps its stream.</summary>
internal sealed class ProxyLine : IAsyncDisposable
{
    private readonly Socks5Client? _socks;

    private ProxyLine(NetworkStream stream, Socks5Client? socks) => (Stream, _socks) = (stream, socks);

    public NetworkStream Stream { get; }

    /// <returns>A line, or why there is none. Throws only when cancelled.</returns>
    public static async Task<(ProxyLine? Line, string? Problem)> OpenAsync(EgressProxy proxy, CancellationToken cancellation)
    {
        NetworkStream? stream = null;
        try
        {
            stream = await ConnectAsync(proxy.EndPoint, cancellation);
            if (proxy.Kind != ProxyKind.Socks5) return (new ProxyLine(stream, null), null);
            var socks = new Socks5Client(stream, proxy);
            var problem = await socks.SignInAsync(cancellation);
            if (problem == Socks5Problem.None) return (new ProxyLine(stream, socks), null);
            await stream.DisposeAsync();
            return (null, problem.Describe());
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            if (stream is not null) await stream.DisposeAsync();
            return (null, failure.Message);
        }
        catch (OperationCanceledException)
        {
            if (stream is not null) await stream.DisposeAsync();
            throw;
        }
    }

    /// <returns>Null: the stream leads to the destination. With PROXY headers that is known only once the destination speaks.</returns>
    public async Task<Trouble?> LeadToAsync(IPEndPoint target, Source source, CancellationToken cancellation)
    {
        try
        {
            if (_socks is null)
            {
                // Port 0: the proxy takes any.
                var from = new IPEndPoint(source.AddressFor(target.AddressFamily)!, 0);
                await Stream.WriteAsync(ProxyHeaderWriter.Write(from, target), cancellation);
                return null;
            }

            return await _socks.ConnectAsync(target, cancellation) switch
            {
                Socks5Problem.None => null,
                // The proxy works; its answer is about this destination. It gets into reports, so it does not name the proxy.
                var problem when problem.IsOfDestination() => new Trouble(
                    Stage.Connect, TroubleKind.Unreachable, $"connect to {target} through a proxy: {problem.Describe()}"),
                var problem => Unusable(problem.Describe()),
            };
        }
        catch (IOException failure)
        {
            return Unusable(failure.Message);
        }
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    private static Trouble Unusable(string problem) => new(Stage.Connect, TroubleKind.SourceUnusable, $"the proxy: {problem}");

    private static async Task<NetworkStream> ConnectAsync(EndPoint proxy, CancellationToken cancellation)
    {
        var socket = proxy is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(proxy, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
