using System.Net;
using System.Net.Sockets;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Routing;

namespace Webcluster.Delivery.Connections;

/// <summary>
/// Opens a connection to a destination: hosts in their order, addresses of each, until one is ready for transactions. Does what the site's
/// TLS policy asks: where TLS is only opportunistic and fails, the same address is tried once more without it.
/// </summary>
internal sealed class SmtpConnector(IDnsResolver dns, NetworkPolicy networks, BrokenTls brokenTls, ConnectorSettings settings)
{
    // Postfix's smtp_mx_address_limit.
    private const int MostAddresses = 5;

    private static readonly Trouble Stopping = new(Stage.Connect, TroubleKind.Abandoned, "the node is stopping");

    /// <returns>A connection, or the trouble of the last address tried. Never throws for what the network does.</returns>
    public async Task<Opened> OpenAsync(Destination destination, CancellationToken abandon)
    {
        Opened? failed = null;
        var left = MostAddresses;
        foreach (var host in destination.Hosts)
        {
            var (addresses, problem) = await AddressesAsync(destination, host, abandon);
            // What is certain of one host says nothing once another could not be tried.
            if (problem is not null && (failed is null || failed.Trouble!.Kind == TroubleKind.NoUsableAddress))
                failed = new Opened(null, problem, host.Host);
            if (abandon.IsCancellationRequested) return new Opened(null, Stopping, host.Host);
            foreach (var address in addresses)
            {
                if (left-- == 0) return failed!;
                var opened = await OpenAsync(destination, host, new IPEndPoint(address, host.Port), abandon);
                if (opened.Connection is not null || opened.Trouble!.Kind == TroubleKind.Abandoned) return opened;
                failed = opened;
            }
        }

        return failed!;
    }

    private async ValueTask<(IReadOnlyList<IPAddress> Addresses, Trouble? Problem)> AddressesAsync(
        Destination destination, HostPort host, CancellationToken abandon)
    {
        if (host.Address is { } literal) return ([literal], null);
        try
        {
            var answer = await dns.AddressesAsync(host.Host, AddressFamilies.Both, abandon);
            if (answer.IsTemporary) return None(TroubleKind.Unreachable, $"{host.Host}: no answer from DNS ({answer.Status})");
            // A host that the operator named and that is not there is a mistake to be mended, not a reason to return mail.
            var absent = destination.IsConfigured ? TroubleKind.Unreachable : TroubleKind.NoUsableAddress;
            if (answer.Records.Count == 0) return None(absent, $"{host.Host} has no address");
            var allowed = Alternate(destination.IsConfigured ? answer.Records : [.. answer.Records.Where(networks.Allows)]);
            return allowed.Count > 0
                ? (allowed, null)
                : None(TroubleKind.NoUsableAddress, $"{host.Host} has only addresses that mail must not be sent to");
        }
        catch (OperationCanceledException)
        {
            return ([], Stopping);
        }

        static (IReadOnlyList<IPAddress>, Trouble) None(TroubleKind kind, string detail) => ([], new Trouble(Stage.Resolve, kind, detail));
    }

    // One family after the other by turns, so that a node without IPv6 reaches IPv4 before it has used up its tries.
    private static IReadOnlyList<IPAddress> Alternate(IReadOnlyList<IPAddress> addresses) =>
    [
        .. addresses
            .GroupBy(address => address.AddressFamily)
            .SelectMany(family => family.Select((address, turn) => (Address: address, Turn: turn)))
            .OrderBy(candidate => candidate.Turn)
            .Select(candidate => candidate.Address),
    ];

    private async Task<Opened> OpenAsync(Destination destination, HostPort host, IPEndPoint address, CancellationToken abandon)
    {
        var useTls = destination.Tls != TlsPolicy.None && !(destination.Tls == TlsPolicy.Opportunistic && brokenTls.Contains(host.Host));
        var opened = await ConnectAsync(destination, host, address, useTls, abandon);
        if (opened.Trouble?.Kind != TroubleKind.TlsFailed || destination.Tls != TlsPolicy.Opportunistic) return opened;
        brokenTls.Add(host.Host);
        return await ConnectAsync(destination, host, address, useTls: false, abandon);
    }

    private async Task<Opened> ConnectAsync(
        Destination destination, HostPort host, IPEndPoint address, bool useTls, CancellationToken abandon)
    {
        var (socket, failed) = await SocketAsync(address, abandon);
        if (socket is null) return new Opened(null, failed, host.Host);
        var wire = new SmtpWire(new NetworkStream(socket, ownsSocket: true), settings.Time);
        await using var registration = abandon.UnsafeRegister(state => ((SmtpWire)state!).Abandon("the node is stopping"), wire);
        var greeting = new Greeting(wire, settings);
        var trouble = await greeting.RunAsync(destination, host, useTls);
        if (trouble is null) return new Opened(new OpenConnection(wire, greeting.Peer(host, address), greeting.Server), null, host.Host);
        await wire.DisposeAsync();
        return new Opened(null, trouble, host.Host);
    }

    private async ValueTask<(Socket? Socket, Trouble? Trouble)> SocketAsync(IPEndPoint address, CancellationToken abandon)
    {
        Socket? socket = null;
        using var timeout = new CancellationTokenSource(settings.Timeouts.Connect, settings.Time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(abandon, timeout.Token);
        try
        {
            // Fails already where the system lacks the family.
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (settings.Sources.FirstOrDefault(source => source.AddressFamily == address.AddressFamily) is { } source)
                socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(address, bound.Token);
            return (socket, null);
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            return (null, abandon.IsCancellationRequested
                ? Stopping
                : new Trouble(Stage.Connect, TroubleKind.TimedOut, $"connect to {address}: timed out"));
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            return (null, new Trouble(Stage.Connect, TroubleKind.Unreachable, $"connect to {address}: {failure.Message}"));
        }
    }
}

/// <param name="Host">The host the trouble or the connection belongs to.</param>
internal sealed record Opened(OpenConnection? Connection, Trouble? Trouble, string Host);

internal sealed record ConnectorSettings(string HostName, IReadOnlyList<IPAddress> Sources, SmtpTimeouts Timeouts, TimeProvider Time);
