using System.Net;
using System.Net.Sockets;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.TlsReporting;
using Webcluster.Delivery.Wire;

namespace Webcluster.Delivery.Connections;

/// <summary>
/// Opens a connection to a destination: hosts in their order, addresses of each, until one is ready for transactions. How it is secured is
/// decided for each host before connecting: where TLS is only opportunistic and the handshake does not come to its end, the same address is
/// tried once more without it. Only a server whose TLS is broken is remembered: a handshake that was cut may come about the next time.
/// </summary>
internal sealed class SmtpConnector(
    IDnsResolver dns, NetworkPolicy networks, TlsKnowledge tls, EgressDialer dialer, ConnectorSettings settings)
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
            var (all, isAuthentic, isPartial, problem) = await AddressesAsync(destination, host, abandon);
            var addresses = all.Where(address => source.Reaches(address.AddressFamily)).ToList();
            if (problem is null && addresses.Count == 0) problem = OutOfReach(host, source, isPartial);
            // What is certain of one host says nothing once another could not be tried.
            if (problem is not null && (failed is null || failed.Trouble!.Kind == TroubleKind.NoUsableAddress))
                failed = new Opened(null, problem, host.Host);
            if (abandon.IsCancellationRequested) return new Opened(null, Trouble.Stopping, host.Host);
            if (addresses.Count == 0) continue;
            var decision = await DecideAsync(destination, host, isAuthentic, abandon);
            if (decision is not { Refusal: null })
            {
                failed = Refused(destination, host, decision);
                continue;
            }

            foreach (var address in addresses)
            {
                if (left-- == 0) return failed!;
                var opened = await OpenAsync(new Way(source, destination, host, new IPEndPoint(address, host.Port), decision), abandon);
                if (opened.Connection is not null || opened.Trouble!.IsOurs) return opened;
                failed = opened;
            }
        }

        return failed!;
    }

    private async ValueTask<HostAddresses> AddressesAsync(Destination destination, HostPort host, CancellationToken abandon)
    {
        if (host.Address is { } literal) return new HostAddresses([literal]);
        try
        {
            var answer = await dns.AddressesAsync(host.Host, AddressFamilies.Both, abandon);
            if (answer.IsTemporary) return None(TroubleKind.Unreachable, $"{host.Host}: no answer from DNS ({answer.Status})");
            // A host that the operator named and that is not there is a mistake to be mended, not a reason to return mail.
            var absent = destination.IsConfigured ? TroubleKind.Unreachable : TroubleKind.NoUsableAddress;
            if (answer.Records.Count == 0) return None(absent, $"{host.Host} has no address");
            var allowed = Alternate(destination.IsConfigured ? answer.Records : [.. answer.Records.Where(networks.Allows)]);
            return allowed.Count > 0
                ? new HostAddresses(allowed, answer.Authenticated, answer.IsPartial)
                : None(TroubleKind.NoUsableAddress, $"{host.Host} has only addresses that mail must not be sent to");
        }
        catch (OperationCanceledException)
        {
            return new HostAddresses([], Problem: Trouble.Stopping);
        }

        static HostAddresses None(TroubleKind kind, string detail) => new([], Problem: new Trouble(Stage.Resolve, kind, detail));
    }

    /// <param name="IsPartial">There may be more, of a family that could not be asked for.</param>
    private readonly record struct HostAddresses(
        IReadOnlyList<IPAddress> All, bool IsAuthentic = false, bool IsPartial = false, Trouble? Problem = null);

    // One family after the other by turns, so that a node without IPv6 reaches IPv4 before it has used up its tries.
    private static IReadOnlyList<IPAddress> Alternate(IReadOnlyList<IPAddress> addresses) =>
    [
        .. addresses
            .GroupBy(address => address.AddressFamily)
            .SelectMany(family => family.Select((address, turn) => (Address: address, Turn: turn)))
            .OrderBy(candidate => candidate.Turn)
            .Select(candidate => candidate.Address),
    ];

    private static Trouble OutOfReach(HostPort host, Source source, bool isPartial) => isPartial
        ? new Trouble(Stage.Resolve, TroubleKind.Unreachable, $"{host.Host}: no answer from DNS for the family that source {source.Label} has")
        : new Trouble(Stage.Connect, TroubleKind.OutOfReach, $"{host.Host} has no address of a family that source {source.Label} has");

    /// <returns>Null where the node is stopping.</returns>
    private async ValueTask<TlsDecision?> DecideAsync(Destination destination, HostPort host, bool isAuthentic, CancellationToken abandon)
    {
        try
        {
            return await tls.Decider.DecideAsync(destination.Demand, host, isAuthentic, abandon);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private Opened Refused(Destination destination, HostPort host, TlsDecision? decision)
    {
        if (decision?.Refusal is not { } refusal) return new Opened(null, Trouble.Stopping, host.Host);
        settings.Sessions?.Ended(new TlsSession(destination.Domain, decision, host.Host, null, refusal.Result));
        // DNS that gives no valid answer may give one later; what the domain's policy says stands.
        var kind = refusal.Result == TlsResult.DnssecInvalid ? TroubleKind.Unreachable : TroubleKind.TlsUnavailable;
        return new Opened(null, new Trouble(Stage.Policy, kind, refusal.Reason), host.Host);
    }

    private async Task<Opened> OpenAsync(Way way, CancellationToken abandon)
    {
        var host = way.Host.Host;
        var without = way with { Decision = TlsDecision.By(TlsRule.None) };
        if (way.Decision.MayGoWithout && tls.Broken.Contains(host)) return await ConnectAsync(without, abandon);
        var opened = await ConnectAsync(way, abandon);
        if (opened.Trouble is not { Stage: Stage.Handshake, IsOurs: false } trouble || !way.Decision.MayGoWithout) return opened;
        if (trouble.Kind == TroubleKind.TlsFailed) tls.Broken.Add(host, trouble.Detail);
        return await ConnectAsync(without, abandon);
    }

    private async Task<Opened> ConnectAsync(Way way, CancellationToken abandon)
    {
        var (stream, failed) = await dialer.DialAsync(way.Source, way.Address, abandon);
        if (stream is null) return new Opened(null, failed, way.Host.Host);
        var wire = new SmtpWire(stream, settings.Time);
        try
        {
            return await GreetAsync(way, wire, ((stream as NetworkStream)?.Socket.LocalEndPoint as IPEndPoint)?.Address, abandon);
        }
        catch
        {
            await wire.DisposeAsync();
            throw;
        }
    }

    /// <param name="from">This node's address, where it is known.</param>
    private async Task<Opened> GreetAsync(Way way, SmtpWire wire, IPAddress? from, CancellationToken abandon)
    {
        var (source, destination, host, address, decision) = way;
        await using var registration = abandon.UnsafeRegister(state => ((SmtpWire)state!).Abandon("the node is stopping"), wire);
        var greeting = new Greeting(wire, source.Ehlo, settings);
        var trouble = await greeting.RunAsync(way);
        if (greeting.Result is { } result)
            settings.Sessions?.Ended(new TlsSession(destination.Domain, decision, host.Host, address.Address, result)
            {
                From = from, IsResumed = wire.IsResumed,
            });
        if (trouble is null)
        {
            var secured = new SecuredHost(host, destination.Demand, greeting.Proof);
            return new Opened(new OpenConnection(wire, greeting.Peer(host, address), secured, greeting.Server), null, host.Host);
        }

        await wire.DisposeAsync();
        return new Opened(null, trouble, host.Host);
    }
}

/// <param name="Host">The host the trouble or the connection belongs to.</param>
internal sealed record Opened(OpenConnection? Connection, Trouble? Trouble, string Host);

internal sealed record ConnectorSettings(SmtpTimeouts Timeouts, TimeProvider Time)
{
    /// <summary>Whose certificates are believed.</summary>
    public TrustedRoots Roots { get; init; } = new([]);

    /// <summary>Who is told how connections were secured; null: nobody.</summary>
    public ITlsSessions? Sessions { get; init; }
}

/// <summary>What is known of others' TLS: whose was broken, and what each destination asks for.</summary>
internal sealed record TlsKnowledge(BrokenTls Broken, TlsDecider Decider);

/// <summary>From where to where one try goes, and how.</summary>
internal sealed record Way(Source Source, Destination Destination, HostPort Host, IPEndPoint Address, TlsDecision Decision);
