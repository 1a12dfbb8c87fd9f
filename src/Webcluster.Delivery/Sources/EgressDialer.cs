using System.Net;
using System.Net.Sockets;
using Webcluster.Delivery.Wire;

namespace Webcluster.Delivery.Sources;

/// <summary>
/// Opens TCP connections from a source: bound to its address, or through its proxy. Trouble on this side of the destination is
/// <see cref="TroubleKind.SourceUnusable"/>.
/// </summary>
internal sealed class EgressDialer(TimeSpan connectTimeout, TimeProvider time)
{
    private static readonly TimeSpan ProbeBound = TimeSpan.FromSeconds(5);

    /// <param name="target">Of a family that the source <see cref="Source.Reaches"/>.</param>
    /// <returns>A stream, or the trouble. Never throws for what the network does.</returns>
    public async Task<Dialed> DialAsync(Source source, IPEndPoint target, CancellationToken abandon)
    {
        using var timeout = new CancellationTokenSource(connectTimeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(abandon, timeout.Token);
        try
        {
            return source.Proxy is { } proxy
                ? await DialAsync(source, proxy, target, timeout, bound.Token)
                : await DialDirectAsync(source, target, bound.Token);
        }
        catch (OperationCanceledException)
        {
            return abandon.IsCancellationRequested
                ? new Dialed(null, Trouble.Stopping)
                : Failed(TroubleKind.TimedOut, $"connect to {target}: timed out");
        }
    }

    /// <summary>Where this node has no sockets or memory left, the site was not asked: other nodes must not leave it alone for that.</summary>
    internal static TroubleKind KindOf(SocketError error) =>
        error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable
            ? TroubleKind.SourceUnusable : TroubleKind.Unreachable;

    /// <returns>Why the source cannot be used; null: it can.</returns>
    public async Task<string?> ProbeAsync(Source source, CancellationToken cancellation)
    {
        foreach (var address in source.Bound)
            if (ProblemOf(address) is { } problem)
                return $"{address}: {problem}";
        if (source.Proxy is not { } proxy) return null;
        using var timeout = new CancellationTokenSource(ProbeBound, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            var (line, problem) = await ProxyLine.OpenAsync(proxy, bound.Token);
            if (line is not null) await line.DisposeAsync();
            return problem is null ? null : $"{proxy}: {problem}";
        }
        catch (OperationCanceledException)
        {
            return $"{proxy}: timed out";
        }
    }

    private static async Task<Dialed> DialDirectAsync(Source source, IPEndPoint target, CancellationToken cancellation)
    {
        Socket? socket = null;
        try
        {
            // Fails already where the system lacks the family.
            socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (source.AddressFor(target.AddressFamily) is { } address && BindProblem(socket, address) is { } problem)
            {
                socket.Dispose();
                return Failed(TroubleKind.SourceUnusable, $"{address}: {problem}");
            }

            await socket.ConnectAsync(target, cancellation);
            return new Dialed(new NetworkStream(socket, ownsSocket: true), null);
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            return Failed(KindOf(failure.SocketErrorCode), $"connect to {target}: {failure.Message}");
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            throw;
        }
    }

    // While the proxy is not ready, time runs out at its door; after that, at the destination's.
    private async Task<Dialed> DialAsync(
        Source source, EgressProxy proxy, IPEndPoint target, CancellationTokenSource timeout, CancellationToken cancellation)
    {
        ProxyLine? line = null;
        try
        {
            (line, var problem) = await ProxyLine.OpenAsync(proxy, cancellation);
            if (line is null) return Failed(TroubleKind.SourceUnusable, $"{proxy}: {problem}");
            timeout.CancelAfter(connectTimeout);
            if (await line.LeadToAsync(target, source, cancellation) is not { } trouble) return new Dialed(line.Stream, null);
            await line.DisposeAsync();
            return new Dialed(null, trouble);
        }
        catch (OperationCanceledException) when (line is null && timeout.IsCancellationRequested)
        {
            return Failed(TroubleKind.SourceUnusable, $"{proxy}: timed out");
        }
        catch (OperationCanceledException) when (line is not null)
        {
            await line.DisposeAsync();
            throw;
        }
    }

    private static string? ProblemOf(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            return BindProblem(socket, address);
        }
        catch (SocketException failure)
        {
            return failure.Message;
        }
    }

    private static string? BindProblem(Socket socket, IPAddress address)
    {
        try
        {
            SourcePort.ChooseLate(socket);
            socket.Bind(new IPEndPoint(address, 0));
            return null;
        }
        catch (SocketException failure)
        {
            return failure.Message;
        }
    }

    private static Dialed Failed(TroubleKind kind, string detail) => new(null, new Trouble(Stage.Connect, kind, detail));
}

/// <summary>A connected stream, or why there is none.</summary>
internal readonly record struct Dialed(NetworkStream? Stream, Trouble? Trouble);
