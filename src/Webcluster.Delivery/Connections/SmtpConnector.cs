using System.Net;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Sources;

namespace Webcluster.Delivery.Connections;

/// <summary>
/// Opens a connection to a destination: hosts in their order, addresses of each, until one is ready for transactions. Does what the site's
/// TLS policy asks: where TLS is only opportunistic and fails, the same address is tried once more without it.
/// </summary>
internal sealed class SmtpConnector(
    IDnsResolver dns, NetworkPolicy networks, BrokenTls brokenTls, EgressDialer dialer, ConnectorSettings settings)
{
    // Postfix's smtp_mx_address_limit.
    private const int MostAddresses = 5;

    /// <param name="source">What it leaves from.</param>
    /// <returns>A connection, or the trouble of the last address tried. Never throws for what the network does.</returns>
    public async Task<Opened> OpenAsync(Destination destination, Source source, CancellationToken abandon)
    {
        Opened? failed = null;
        var left = MostAddresses;
        foreach (var host in destination.Hosts)
        {
            var (all, problem) = await AddressesAsync(destination, host, abandon);
            var addresses = all.Where(address => source.Reaches(address.AddressFamily)).ToList();
            if (problem is null && addresses.Count == 0) problem = OutOfReach(host, source);
            // What is certain of one host says nothing once another could not be tried.
            if (problem is not null && (failed is null || failed.Trouble!.Kind == TroubleKind.NoUsableAddress))
                failed = new Opened(null, problem, host.Host);
            if (abandon.IsCancellationRequested) return new Opened(null, Trouble.Stopping, host.Host);
            foreach (var address in addresses)
            {
                if (left-- == 0) return failed!;
                var opened = await OpenAsync(destination, new Way(source, host, new IPEndPoint(address, host.Port)), abandon);
                if (opened.Connection is not null || opened.Trouble!.IsOurs) return opened;
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
            return ([], Trouble.Stopping);
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

    // Another source of the pool may have an address of that family.
    private static Trouble OutOfReach(HostPort host, Source source) => new(
        Stage.Connect, TroubleKind.Unreachable, $"{host.Host} has no address of a family that source {source.Label} has");

    private async Task<Opened> OpenAsync(Destination destination, Way way, CancellationToken abandon)
    {
        var host = way.Host;
        var useTls = destination.Tls != TlsPolicy.None && !(destination.Tls == TlsPolicy.Opportunistic && brokenTls.Contains(host.Host));
        var opened = await ConnectAsync(destination, way, useTls, abandon);
        if (opened.Trouble?.Kind != TroubleKind.TlsFailed || destination.Tls != TlsPolicy.Opportunistic) return opened;
        brokenTls.Add(host.Host);
        return await ConnectAsync(destination, way, useTls: false, abandon);
    }

    private async Task<Opened> ConnectAsync(Destination destination, Way way, bool useTls, CancellationToken abandon)
    {
        var (source, host, address) = way;
        var (stream, failed) = await dialer.DialAsync(source, address, abandon);
        if (stream is null) return new Opened(null, failed, host.Host);
        var wire = new SmtpWire(stream, settings.Time);
        await using var registration = abandon.UnsafeRegister(state => ((SmtpWire)state!).Abandon("the node is stopping"), wire);
        var greeting = new Greeting(wire, source.Ehlo, settings);
        var trouble = await greeting.RunAsync(destination, host, useTls);
        if (trouble is null) return new Opened(new OpenConnection(wire, greeting.Peer(host, address), greeting.Server), null, host.Host);
        await wire.DisposeAsync();
        return new Opened(null, trouble, host.Host);
    }
}

/// <param name="Host">The host the trouble or the connection belongs to.</param>
internal sealed record Opened(OpenConnection? Connection, Trouble? Trouble, string Host);

/// <summary>From where to where one try goes.</summary>
internal sealed record Way(Source Source, HostPort Host, IPEndPoint Address);

internal sealed record ConnectorSettings(SmtpTimeouts Timeouts, TimeProvider Time);
