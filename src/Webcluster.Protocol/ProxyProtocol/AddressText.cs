using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Webcluster.Protocol.ProxyProtocol;

/// <summary>
/// Addresses and numbers as version 1 writes them: decimal without leading zeros, IPv6 without zone or brackets. An IPv4 address in the
/// last part of an IPv6 address is taken, because senders print mapped addresses so.
/// </summary>
internal static class AddressText
{
    private const int LongestIPv6 = 45;

    private static readonly SearchValues<byte> IPv6Octets = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    public static bool TryParse(ReadOnlySpan<byte> text, bool isIPv6, out IPAddress address)
    {
        address = IPAddress.None;
        return isIPv6 ? TryParseIPv6(text, ref address) : TryParseIPv4(text, ref address);
    }

    public static bool TryNumber(ReadOnlySpan<byte> digits, int most, out int value)
    {
        value = 0;
        if (digits.Length is 0 or > 5 || (digits.Length > 1 && digits[0] == '0')) return false;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + (digit - '0');
        }

        return value <= most;
    }

    private static bool TryParseIPv4(ReadOnlySpan<byte> text, ref IPAddress address)
    {
        Span<byte> octets = stackalloc byte[4];
        var count = 0;
        foreach (var part in text.Split((byte)'.'))
        {
            if (count == 4 || !TryNumber(text[part], byte.MaxValue, out var value)) return false;
            octets[count++] = (byte)value;
        }

        if (count != 4) return false;
        address = new IPAddress(octets);
        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> text, ref IPAddress address)
    {
        if (text.Length > LongestIPv6 || text.ContainsAnyExcept(IPv6Octets)) return false;
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return false;
        address = parsed;
        return true;
    }
}
