using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Webcluster.Protocol.Smtp;

/// <summary>xtext (RFC 3461 §4): printable ASCII, with "+" and two hexadecimal digits for what may not stand in a parameter.</summary>
internal static class Xtext
{
    /// <summary>False where it is no xtext, or where what it stands for is not printable ASCII (no CR or LF gets in this way).</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, out string value)
    {
        value = "";
        var buffer = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            if (!TryDecode(text, buffer, out var length)) return false;
            value = Encoding.ASCII.GetString(buffer, 0, length);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <exception cref="ArgumentException">A character that is not printable ASCII, which <see cref="TryDecode(ReadOnlySpan{byte}, out
    /// string)"/> never gives.</exception>
    public static void Write(string value, StringBuilder output)
    {
        foreach (var c in value)
            if (c is < ' ' or > '~') throw new ArgumentException("Only printable ASCII can stand in xtext.", nameof(value));
            else if (c is ' ' or '+' or '=') output.Append(CultureInfo.InvariantCulture, $"+{(int)c:X2}");
            else output.Append(c);
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> output, out int length)
    {
        length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var octet = text[at];
            if (octet is <= (byte)' ' or (byte)'=' or >= 0x7F) return false;
            if (octet == '+')
            {
                if (text.Length - at < 3 || !Utf8Parser.TryParse(text.Slice(at + 1, 2), out octet, out var digits, 'x')) return false;
                if (digits != 2 || octet is < 0x20 or >= 0x7F) return false;
                at += 2;
            }

            output[length++] = octet;
        }

        return true;
    }
}
