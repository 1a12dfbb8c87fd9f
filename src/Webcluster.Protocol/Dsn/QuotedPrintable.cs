using System.Buffers;

namespace Webcluster.Protocol.Dsn;

/// <summary>The quoted-printable encoding (RFC 2045 §6.7) of text whose lines end in CRLF.</summary>
internal static class QuotedPrintable
{
    // rfc2045#6.7(5): 76 characters a line, the "=" of a soft line break among them.
    private const int MaxLine = 76;

    public static byte[] Encode(ReadOnlySpan<byte> text)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + text.Length / 2 + 16);
        var column = 0;
        Span<byte> encoded = stackalloc byte[3];
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at..].StartsWith("\r\n"u8))
            {
                output.Write("\r\n"u8);
                column = 0;
                at++;
                continue;
            }
            var length = EncodeOctet(text[at], endsLine: at + 1 == text.Length || text[at + 1] == '\r', encoded);
            var room = at + 1 == text.Length || text[at + 1] == '\r' ? MaxLine : MaxLine - 1;
            if (column + length > room)
            {
                output.Write("=\r\n"u8);
                column = 0;
            }
            output.Write(encoded[..length]);
            column += length;
        }
        return output.WrittenSpan.ToArray();
    }

    private static int EncodeOctet(byte octet, bool endsLine, Span<byte> encoded)
    {
        encoded[0] = octet;
        // rfc2045#6.7(3): a space may not end a line.
        if (octet == ' ' ? !endsLine : octet is > (byte)' ' and <= (byte)'~' and not (byte)'=') return 1;
        encoded[0] = (byte)'=';
        encoded[1] = "0123456789ABCDEF"u8[octet >> 4];
        encoded[2] = "0123456789ABCDEF"u8[octet & 15];
        return 3;
    }
}
