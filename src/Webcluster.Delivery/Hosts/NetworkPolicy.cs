using System.Net;

namespace Webcluster.Delivery.Hosts;

/// <summary>
/// Which addresses mail may be sent to when DNS or a sender names them: hosts of the Internet, and what the operator allowed besides.
/// </summary>
/// <param name="allowed">The operator's exceptions; they win.</param>
/// <param name="own">Addresses of this host: mail sent there would come back.</param>
public sealed class NetworkPolicy(IEnumerable<IPNetwork> allowed, IEnumerable<IPAddress> own)
{
    // IANA special-purpose registries (RFC 6890 and successors), what is deprecated (IPv4-compatible, 6to4, site-local), and multicast.
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
            "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    // It leads to the IPv4 address that it ends with, which need not be one of the Internet.
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private readonly IPNetwork[] _allowed = [.. allowed];
    private readonly HashSet<IPAddress> _own = [.. own];

    public bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (Array.Exists(_allowed, network => network.Contains(plain))) return true;
        if (_own.Contains(plain) || Array.Exists(Special, network => network.Contains(plain))) return false;
        return !Nat64.Contains(plain) || Allows(new IPAddress(plain.GetAddressBytes()[12..]));
    }
}
