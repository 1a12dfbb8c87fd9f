using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Routing;

/// <summary>The configured routes, compiled: an exact domain is found by one look-up, suffixes and "*" in the order of the file.</summary>
internal sealed class StaticRoutes
{
    // Domains are lower case, the tag of an IPv6 literal is not.
    private readonly Dictionary<string, (int Order, Destination Destination)> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(int Order, string Suffix, Destination Destination)> _suffixes = [];

    /// <param name="certificates">Null: nothing is shown to hosts that ask.</param>
    public StaticRoutes(IReadOnlyList<RouteOptions> routes, Func<string, string> readPassword, ClientCertificates? certificates = null)
    {
        certificates ??= new ClientCertificates(null);
        for (var order = 0; order < routes.Count; order++)
        {
            var route = routes[order];
            var match = route.Match.ToLowerInvariant();
            var destination = Compile(route, match, readPassword) with { ClientCertificate = certificates.Of(route.ClientCertificate) };
            if (match == "*") _suffixes.Add((order, "", destination));
            else if (match.StartsWith('.')) _suffixes.Add((order, match, destination));
            else _exact.TryAdd(match, (order, destination));
        }
    }

    /// <summary>The first route of the file that matches; null where none does.</summary>
    public Destination? Find(string domain)
    {
        var found = _exact.TryGetValue(domain, out var exact);
        foreach (var (order, suffix, destination) in _suffixes)
        {
            if (found && order > exact.Order) break;
            if (domain.EndsWith(suffix, StringComparison.Ordinal)) return destination;
        }

        return found ? exact.Destination : null;
    }

    private static Destination Compile(RouteOptions route, string match, Func<string, string> readPassword)
    {
        var hosts = route.Hosts
            .Select(host => HostPort.Parse(host) ?? throw new ArgumentException($"invalid host '{host}'", nameof(route)))
            .ToList();
        var credentials = route.Username.Length > 0 ? new SmtpCredentials(route.Username, readPassword(route.PasswordFile)) : null;
        var site = $"route:{match}";
        var lane = new LaneKey(site, site, PoolName.Default);
        return new Destination(lane, hosts, route.Tls, HostVoucher.Operator) { Credentials = credentials };
    }
}
