using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Webcluster.Node;

/// <summary>Addresses to listen on, as configured: "127.0.0.1:8025", "[::1]:8025", "localhost:8025", "*:8025".</summary>
internal static class Endpoints
{
    public static bool TryParse(string text, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.None, 0);
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, null, out var port)) return false;
        var address = text[..colon] switch
        {
            "*" => IPAddress.IPv6Any,
            "localhost" => IPAddress.Loopback,
            ['[', .. var inner, ']'] => Literal(inner, AddressFamily.InterNetworkV6),
            // Four parts: "127.1" and "2130706433" are addresses to the parser, and typing errors to us.
            var host => host.Count(c => c == '.') == 3 ? Literal(host, AddressFamily.InterNetwork) : null,
        };
        if (address is null) return false;
        endpoint = new IPEndPoint(address, port);
        return true;
    }

    /// <exception cref="ArgumentException">It was not checked before.</exception>
    public static IPEndPoint Parse(string text) =>
        TryParse(text, out var endpoint) ? endpoint : throw new ArgumentException(Expected(text), nameof(text));

    public static bool TryParseLoopback(string text, out IPEndPoint endpoint) =>
        TryParse(text, out endpoint) && IPAddress.IsLoopback(endpoint.Address);

    public static string Expected(string given) => $"'{given}' is not an address and port such as 127.0.0.1:8025, [::1]:8025 or *:8025";

    public static string LoopbackExpected(string given) => $"'{given}' is not a loopback address and port such as 127.0.0.1:2525";

    private static IPAddress? Literal(string text, AddressFamily family) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == family ? address : null;
}
