using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Webcluster.Delivery.Dns;

/// <summary>Text forms of a server's address.</summary>
internal static class DnsServerAddress
{
    private const int Port = 53;

    /// <summary>"ip", "ip:port", "[v6]" or "[v6]:port".</summary>
    public static bool TryParse(string text, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.None, Port);
        // A bare IPv6 address is told from "v4:port" by parsing: the latter is no address.
        if (IPAddress.TryParse(text, out var bare) && !text.StartsWith('['))
        {
            endPoint = new IPEndPoint(bare, Port);
            return IsWrittenInFull(bare, text);
        }
        var host = text;
        var port = Port;
        var colon = text.LastIndexOf(':');
        if (colon > text.LastIndexOf(']'))
        {
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)) return false;
            if (port is 0 or > 65535) return false;
            host = text[..colon];
        }
        var bracketed = host is ['[', .., ']'];
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out var address)) return false;
        if (bracketed != (address.AddressFamily == AddressFamily.InterNetworkV6)) return false;
        endPoint = new IPEndPoint(address, port);
        return IsWrittenInFull(address, host);
    }

    // IPAddress takes "53" and "10.1" as addresses, which here are slips of the pen.
    private static bool IsWrittenInFull(IPAddress address, string text) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(c => c == '.') == 3;
}
