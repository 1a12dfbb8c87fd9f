using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Webcluster.Protocol.Addresses;

/// <summary>
/// Address literals in place of a domain: "[192.0.2.1]", "[IPv6:2001:db8::1]". Which addresses may be reached is policy, not syntax.
/// </summary>
internal static class AddressLiteral
{
    private const string IPv6Tag = "IPv6:";

    // No scope, no port: IPAddress would take both.
    private static readonly SearchValues<char> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads a literal with its brackets to its one comparable form.</summary>
    public static bool TryNormalize(ReadOnlySpan<char> text, out string normalized)
    {
        normalized = "";
        if (text is not ['[', .. var address, ']']) return false;
        // rfc5321#4.1.3
        if (!address.StartsWith(IPv6Tag, StringComparison.OrdinalIgnoreCase)) return TryNormalizeIPv4(address, out normalized);

        address = address[IPv6Tag.Length..];
        if (address.ContainsAnyExcept(IPv6Characters) || !IPAddress.TryParse(address, out var parsed)) return false;
        if (parsed.AddressFamily != AddressFamily.InterNetworkV6) return false;
        normalized = $"[{IPv6Tag}{parsed}]";
        return true;
    }

    // Four decimal numbers: the runtime's parser also takes three, and octal and hexadecimal ones, which others read differently.
    private static bool TryNormalizeIPv4(ReadOnlySpan<char> address, out string normalized)
    {
        normalized = "";
        var numbers = 0;
        foreach (var range in address.Split('.'))
        {
            var number = address[range];
            if (++numbers > 4 || number.Length is 0 or > 3 || (number.Length > 1 && number[0] == '0')) return false;
            if (!byte.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return false;
        }

        if (numbers != 4) return false;
        normalized = $"[{address}]";
        return true;
    }
}
