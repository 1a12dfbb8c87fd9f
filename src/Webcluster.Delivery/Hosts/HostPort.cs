using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Delivery.Hosts;

/// <summary>A host by name or address, and a port.</summary>
internal sealed record HostPort(string Host, int Port, IPAddress? Address)
{
    private const int DefaultPort = 25;

    public static HostPort? Parse(string text)
    {
        if (IPEndPoint.TryParse(text, out var endPoint) && (text.StartsWith('[') || IsWhole(endPoint.Address, text)))
            return new HostPort(endPoint.Address.ToString(), endPoint.Port == 0 ? DefaultPort : endPoint.Port, endPoint.Address);
        var colon = text.IndexOf(':');
        var port = DefaultPort;
        if (colon >= 0 && !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)) return null;
        if (port is < 1 or > 65535) return null;
        return DomainName.TryNormalize(colon < 0 ? text : text[..colon], out var name) ? new HostPort(name, port, null) : null;
    }

    // "10.1" and "25" are read as addresses, too.
    private static bool IsWhole(IPAddress address, string text) =>
        address.AddressFamily == AddressFamily.InterNetwork && text.StartsWith(address.ToString(), StringComparison.Ordinal);
}
