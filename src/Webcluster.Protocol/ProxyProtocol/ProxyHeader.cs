using System.Net;

namespace Webcluster.Protocol.ProxyProtocol;

/// <summary>What a proxy says about a connection before anything of the connection itself.</summary>
public abstract record ProxyHeader
{
    private ProxyHeader() { }

    /// <summary>The connection is relayed for somebody else.</summary>
    /// <param name="Source">Who connected to the proxy; IPv4 in its own form, not mapped into IPv6.</param>
    /// <param name="Destination">What it connected to.</param>
    public sealed record Relayed(IPEndPoint Source, IPEndPoint Destination) : ProxyHeader;

    /// <summary>
    /// The proxy names nobody: the connection is its own, such as a health check (LOCAL), or of a kind that has no IP address (UNKNOWN,
    /// UNSPEC, AF_UNIX). The connection's own addresses are all that is known.
    /// </summary>
    public sealed record Unnamed : ProxyHeader;
}
