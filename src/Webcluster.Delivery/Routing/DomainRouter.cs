using System.Diagnostics;
using System.Net;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dns;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Routing;

namespace Webcluster.Delivery.Routing;

/// <summary>
/// Finds a domain's way (RFC 5321 §5.1): static routes, address literals, MX, else the domain's own address records. The same answer serves
/// acceptance (which lane) and delivery (which hosts).
/// </summary>
internal sealed class DomainRouter(StaticRoutes routes, IDnsResolver dns, NetworkPolicy networks, DomainRouterSettings settings)
{
    // Acceptance must not wait for a slow DNS; delivery asks again.
    private static readonly TimeSpan AcceptanceBound = TimeSpan.FromSeconds(2);

    /// <summary>As <see cref="IRecipientRouter"/> has it, in the default pool.</summary>
    public async ValueTask<RouteResult> RouteAsync(Mailbox recipient, CancellationToken cancellation)
    {
        if (recipient.Domain.Length == 0) return new RouteResult.Refused(RouteRefusal.NoDomain);
        if (routes.Find(recipient.Domain) is { } configured) return new RouteResult.To(configured.Lane);
        if (recipient.IsAddressLiteral)
            return ForLiteral(recipient.Domain) is DomainRoute.Known literal
                ? new RouteResult.To(literal.Destination.Lane)
                : new RouteResult.Refused(RouteRefusal.ForbiddenAddressLiteral);

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(AcceptanceBound);
        try
        {
            if (await FindAsync(recipient.Domain, bound.Token) is DomainRoute.Known known)
                return new RouteResult.To(known.Destination.Lane);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // No answer in time: the domain stands for its site.
        }

        return new RouteResult.To(LaneOf(recipient.Domain, recipient.Domain, []));
    }

    /// <summary>The way of a domain, as far as it is known now.</summary>
    public async ValueTask<DomainRoute> FindAsync(string domain, CancellationToken cancellation)
    {
        if (routes.Find(domain) is { } configured) return new DomainRoute.Known(configured);
        if (domain.StartsWith('[')) return ForLiteral(domain);

        var answer = await dns.MxAsync(domain, cancellation);
        return answer.Status switch
        {
            DnsStatus.Found => FromMx(domain, answer),
            DnsStatus.NoData => await FromAddressesAsync(domain, answer.Authenticated, cancellation),
            DnsStatus.NameError => NoSuchDomain(domain),
            DnsStatus.ServerFailure => new DomainRoute.NotNow($"the name servers of {domain} failed"),
            DnsStatus.TimedOut => new DomainRoute.NotNow($"the name servers of {domain} did not answer"),
            _ => throw new UnreachableException(),
        };
    }

    private DomainRoute FromMx(string domain, DnsAnswer<MxRecord> answer)
    {
        var records = answer.Records;
        // rfc7505#4.1
        if (records is [{ IsNull: true }])
            return new DomainRoute.Impossible(new EnhancedCode(5, 1, 10), "the domain does not accept mail (null MX)");
        // rfc5321#5.1: of a list with this host in it, only what is better than this host may be used.
        var own = records.Where(mx => mx.Exchange == settings.HostName).Select(mx => (int?)mx.Preference).Min();
        var usable = records.Where(mx => mx.IsHost && (own is null || mx.Preference < own)).ToList();
        if (usable.Count == 0)
            return own is null
                ? new DomainRoute.Impossible(new EnhancedCode(5, 4, 4), "none of the domain's mail exchangers is a valid host name")
                : new DomainRoute.Impossible(new EnhancedCode(5, 4, 6), "mail for the domain loops back to this host");

        var hosts = usable
            .GroupBy(mx => mx.Preference)
            .OrderBy(group => group.Key)
            .SelectMany(group => Shuffle(group.Select(mx => mx.Exchange)))
            .Select(name => new HostPort(name, settings.Port, null))
            .ToList();
        return Known(domain, SiteName.Of(hosts.Select(host => host.Host)), hosts, answer.Authenticated);
    }

    // rfc5321#5.1: without MX the domain's own address is the mail exchanger.
    private async ValueTask<DomainRoute> FromAddressesAsync(string domain, bool isAuthentic, CancellationToken cancellation)
    {
        var addresses = await dns.AddressesAsync(domain, AddressFamilies.Both, cancellation);
        return addresses.Status switch
        {
            DnsStatus.Found => Known(domain, domain, [new HostPort(domain, settings.Port, null)], isAuthentic),
            DnsStatus.NoData or DnsStatus.NameError => NoSuchDomain(domain),
            DnsStatus.ServerFailure or DnsStatus.TimedOut => new DomainRoute.NotNow($"the name servers of {domain} did not answer"),
            _ => throw new UnreachableException(),
        };
    }

    private DomainRoute ForLiteral(string domain)
    {
        var text = domain.StartsWith("[IPv6:", StringComparison.OrdinalIgnoreCase) ? domain[6..^1] : domain[1..^1];
        return IPAddress.TryParse(text, out var address) && networks.Allows(address)
            ? Known(domain, domain, [new HostPort(address.ToString(), settings.Port, address)])
            : new DomainRoute.Impossible(new EnhancedCode(5, 7, 1), "mail to this address literal is not allowed");
    }

    private DomainRoute.Known Known(string domain, string site, IReadOnlyList<HostPort> hosts, bool isAuthentic = false)
    {
        var names = hosts.Where(host => host.Address is null).Select(host => host.Host).ToList();
        var lane = LaneOf(domain, site, names);
        var voucher = isAuthentic ? HostVoucher.Dnssec : HostVoucher.Nobody;
        var policy = settings.Providers.PolicyOf(lane);
        return new(new Destination(lane, hosts, policy.Tls, voucher)
        {
            ClientCertificate = settings.Certificates.Of(policy.ClientCertificate),
        });
    }

    private static DomainRoute.Impossible NoSuchDomain(string domain) =>
        new(new EnhancedCode(5, 1, 2), $"the domain {domain} does not exist or has no mail server");

    private LaneKey LaneOf(string domain, string site, IReadOnlyList<string> hosts) =>
        new(settings.Providers.ProviderOf(domain, hosts), site, PoolName.Default);

    // rfc5321#5.1: equal preferences are tried in random order.
    private string[] Shuffle(IEnumerable<string> names)
    {
        string[] shuffled = [.. names];
        lock (settings.Chance) settings.Chance.Shuffle(shuffled);
        return shuffled;
    }
}

/// <param name="HostName">This node's name in lower case; an MX of that name is itself.</param>
internal sealed record DomainRouterSettings(string HostName, int Port, ProviderBook Providers, Random Chance)
{
    /// <summary>What hosts that ask are shown.</summary>
    public ClientCertificates Certificates { get; init; } = new(null);
}
