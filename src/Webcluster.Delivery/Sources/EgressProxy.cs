using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Socks;

namespace Webcluster.Delivery.Sources;

/// <summary>How an egress proxy is told where a connection goes.</summary>
internal enum ProxyKind
{
    /// <summary>It is asked for the connection, and chooses its own address (RFC 1928).</summary>
    Socks5,

    /// <summary>A PROXY header of version 2 tells it source and destination, ahead of everything else.</summary>
    ProxyV2,
}

/// <summary>A proxy that connections leave through.</summary>
/// <param name="EndPoint">A <see cref="DnsEndPoint"/> where it is configured by name: the system resolves it.</param>
/// <param name="User">For SOCKS5; null: none.</param>
internal sealed record EgressProxy(ProxyKind Kind, EndPoint EndPoint, string? User, string? Password)
{
    private const string Socks5Scheme = "socks5://";
    private const string ProxyV2Scheme = "proxy-v2://";

    /// <summary>"socks5://[user@]host:port" or "proxy-v2://host:port", the host a name, an IPv4 address or [IPv6]. The password is not
    /// written here.</summary>
    public static bool TryParse(string text, out EgressProxy proxy)
    {
        proxy = null!;
        ProxyKind kind;
        if (text.StartsWith(Socks5Scheme, StringComparison.OrdinalIgnoreCase)) kind = ProxyKind.Socks5;
        else if (text.StartsWith(ProxyV2Scheme, StringComparison.OrdinalIgnoreCase)) kind = ProxyKind.ProxyV2;
        else return false;
        var rest = text[(kind == ProxyKind.Socks5 ? Socks5Scheme : ProxyV2Scheme).Length..];
        var at = rest.LastIndexOf('@');
        var user = at < 0 ? null : rest[..at];
        if (user is not null && (kind != ProxyKind.Socks5 || user.Contains(':') || !IsCredential(user))) return false;
        if (EndPointOf(rest[(at + 1)..]) is not { } endPoint) return false;
        proxy = new EgressProxy(kind, endPoint, user, null);
        return true;
    }

    /// <summary>RFC 1929: 1 to 255 octets.</summary>
    public static bool IsCredential(string text) => Encoding.UTF8.GetByteCount(text) is >= 1 and <= Socks5Handshake.MaxCredential;

    /// <summary>As configured; never the password.</summary>
    public override string ToString()
    {
        var host = EndPoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : EndPoint.ToString();
        return Kind == ProxyKind.Socks5 ? $"{Socks5Scheme}{(User is null ? "" : User + "@")}{host}" : $"{ProxyV2Scheme}{host}";
    }

    private static EndPoint? EndPointOf(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0) return null;
        var number = text.AsSpan(colon + 1);
        if (!ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) return null;
        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
            return IPAddress.TryParse(inner, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6
                ? new IPEndPoint(v6, port)
                : null;
        // Four parts: "127.1" is an address to the parser, and a typing error to us.
        if (host.Count(c => c == '.') == 3 && IPAddress.TryParse(host, out var v4)) return new IPEndPoint(v4, port);
        return DomainName.TryNormalize(host, out var name) ? new DnsEndPoint(name, port) : null;
    }
}
