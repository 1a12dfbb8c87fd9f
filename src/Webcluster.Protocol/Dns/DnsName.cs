using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Webcluster.Protocol.Dns;

/// <summary>
/// Names between their wire form and their presentation form: lower case, no final dot, "." for the root. In a label a dot and a backslash
/// are escaped by a backslash, octets that are no visible ASCII by \DDD (RFC 1035 §5.1), so both forms map one to one.
/// </summary>
public static class DnsName
{
    public const string Root = ".";

    // rfc1035#2.3.4
    public const int MaxOctets = 255;
    public const int MaxLabel = 63;

    /// <summary>Each pointer of a well-formed name stands behind at least one label, and a name has at most 127.</summary>
    private const int MaxPointers = 127;

    /// <summary>The comparable form of a name as people write it; false where it is no name that can be asked for.</summary>
    public static bool TryNormalize(ReadOnlySpan<char> name, out string normalized)
    {
        Span<byte> wire = stackalloc byte[MaxOctets];
        normalized = "";
        if (!TryWrite(name, wire, out var length)) return false;
        var at = 0;
        return TryRead(wire[..length], ref at, out normalized);
    }

    /// <summary>Writes the wire form, lower case, not compressed. A final dot may stand or not.</summary>
    /// <param name="output">At least <see cref="MaxOctets"/>, or less for a name known to fit.</param>
    public static bool TryWrite(ReadOnlySpan<char> name, Span<byte> output, out int length)
    {
        length = 0;
        if (name.IsEmpty || name.Length > MaxOctets * 4 || output.IsEmpty) return false;
        if (name is Root) name = "";
        var start = 0;
        var end = 1;
        for (var at = 0; at < name.Length;)
        {
            if (name[at] == '.')
            {
                if (!TryEndLabel(output, start, end)) return false;
                start = end++;
                at++;
                if (start >= output.Length) return false;
                continue;
            }
            if (!TryUnescape(name, ref at, out var octet) || end >= output.Length) return false;
            output[end++] = ToLower(octet);
        }
        if (end - start > 1)
        {
            if (!TryEndLabel(output, start, end)) return false;
            start = end++;
        }
        if (end > output.Length || end > MaxOctets) return false;
        output[start] = 0;
        length = end;
        return true;
    }

    /// <summary>
    /// Reads a name at <paramref name="at"/> and moves behind it. Every pointer must lead to before the part it was met in, so that none
    /// can loop; length and number of pointers are bounded besides.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        Span<char> text = stackalloc char[MaxOctets * 4];
        var written = 0;
        var octets = 1;
        var pointers = 0;
        var partStart = at;
        var behind = -1;
        name = "";
        for (var next = at; ;)
        {
            if ((uint)next >= (uint)message.Length) return false;
            int length = message[next];
            if (length == 0)
            {
                at = behind >= 0 ? behind : next + 1;
                name = written == 0 ? Root : new string(text[..(written - 1)]);
                return true;
            }
            // rfc1035#4.1.4: two bits set mean a pointer; 01 and 10 are reserved.
            if (length >= 0xC0)
            {
                if (next + 1 >= message.Length || ++pointers > MaxPointers) return false;
                if (behind < 0) behind = next + 2;
                next = (length & 0x3F) << 8 | message[next + 1];
                if (next >= partStart) return false;
                partStart = next;
                continue;
            }
            octets += length + 1;
            if (length > MaxLabel || octets > MaxOctets || next + 1 + length > message.Length) return false;
            foreach (var octet in message.Slice(next + 1, length)) written += Escape(octet, text[written..]);
            text[written++] = '.';
            next += 1 + length;
        }
    }

    /// <summary>
    /// Can this be connected to? Labels of letters, digits, hyphen (not at an end) and underscore, which some hosts have although RFC 952
    /// forbids it; 253 characters in all; not the root.
    /// </summary>
    public static bool IsHost(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxOctets - 2) return false;
        foreach (var range in name.Split('.'))
        {
            var label = name[range];
            if (label.IsEmpty || label.Length > MaxLabel || label[0] == '-' || label[^1] == '-') return false;
            foreach (var c in label)
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                    return false;
        }
        return true;
    }

    /// <summary>The name to ask for PTR: in-addr.arpa (RFC 1035 §3.5) or ip6.arpa (RFC 3596 §2.5).</summary>
    public static string Reverse(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var octets = address.GetAddressBytes();
        var name = new StringBuilder(74);
        for (var i = octets.Length - 1; i >= 0; i--)
        {
            if (address.AddressFamily == AddressFamily.InterNetwork) name.Append(octets[i]).Append('.');
            else name.Append(HexDigit(octets[i] & 15)).Append('.').Append(HexDigit(octets[i] >> 4)).Append('.');
        }
        return name.Append(address.AddressFamily == AddressFamily.InterNetwork ? "in-addr.arpa" : "ip6.arpa").ToString();
    }

    private static char HexDigit(int nibble) => "0123456789abcdef"[nibble];

    private static bool TryEndLabel(Span<byte> output, int start, int end)
    {
        var length = end - start - 1;
        if (length is 0 or > MaxLabel || end > MaxOctets) return false;
        output[start] = (byte)length;
        return true;
    }

    private static bool TryUnescape(ReadOnlySpan<char> name, ref int at, out byte octet)
    {
        octet = 0;
        var c = name[at++];
        if (c > 0x7E || c <= ' ') return false;
        octet = (byte)c;
        if (c != '\\') return true;
        if (at >= name.Length) return false;
        if (!char.IsAsciiDigit(name[at]))
        {
            octet = (byte)name[at];
            return name[at++] is > ' ' and <= '\x7E';
        }
        if (at + 3 > name.Length || !char.IsAsciiDigit(name[at + 1]) || !char.IsAsciiDigit(name[at + 2])) return false;
        var value = (name[at] - '0') * 100 + (name[at + 1] - '0') * 10 + (name[at + 2] - '0');
        at += 3;
        octet = (byte)value;
        return value <= 255;
    }

    private static int Escape(byte octet, Span<char> output)
    {
        octet = ToLower(octet);
        if (octet is > (byte)' ' and <= 0x7E && octet is not ((byte)'.' or (byte)'\\'))
        {
            output[0] = (char)octet;
            return 1;
        }
        output[0] = '\\';
        if (octet is (byte)'.' or (byte)'\\')
        {
            output[1] = (char)octet;
            return 2;
        }
        output[1] = (char)('0' + octet / 100);
        output[2] = (char)('0' + octet / 10 % 10);
        output[3] = (char)('0' + octet % 10);
        return 4;
    }

    // rfc4343#3: only ASCII letters have case.
    private static byte ToLower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
}
