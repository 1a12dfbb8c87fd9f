namespace Webcluster.Protocol.Mime;

/// <summary>Content-Transfer-Encoding (RFC 2045 §6), read as it comes: what is no code is passed over or left as it stands.</summary>
internal static class TransferEncoding
{
    public static bool IsEncoded(string? encoding) => Kind(encoding) != Coding.Identity;

    /// <summary>At most <paramref name="most"/> octets; the same memory where nothing is encoded.</summary>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, string? encoding, int most)
    {
        switch (Kind(encoding))
        {
            case Coding.Base64:
                return DecodeBase64(body.Span, most);
            case Coding.QuotedPrintable:
                return DecodeQuotedPrintable(body.Span, most);
            default:
                return body.Length > most ? body[..most] : body;
        }
    }

    // rfc2045#6.8: characters outside the alphabet are passed over; "=" ends a group.
    public static ReadOnlyMemory<byte> DecodeBase64(ReadOnlySpan<byte> text, int most)
    {
        var output = new byte[Math.Min(most, text.Length / 4 * 3 + 3)];
        var (length, bits, count) = (0, 0, 0);
        foreach (var octet in text)
        {
            if (octet == '=') (bits, count) = (0, 0);
            if (Sextet(octet) is not { } value) continue;
            bits = (bits << 6 | value) & 0xFFFF;
            count += 6;
            if (count < 8) continue;
            if (length == output.Length) break;
            count -= 8;
            output[length++] = (byte)(bits >> count);
        }

        return output.AsMemory(0, length);
    }

    // rfc2045#6.7: "=" and two digits, or "=" at the end of a line; anything else is what it looks like.
    public static ReadOnlyMemory<byte> DecodeQuotedPrintable(ReadOnlySpan<byte> text, int most)
    {
        var output = new byte[Math.Min(most, text.Length)];
        var length = 0;
        for (var at = 0; at < text.Length && length < output.Length; at++)
        {
            if (text[at] != '=')
            {
                output[length++] = text[at];
                continue;
            }

            var rest = text[(at + 1)..];
            if (rest.Length >= 2 && char.IsAsciiHexDigit((char)rest[0]) && char.IsAsciiHexDigit((char)rest[1]))
            {
                output[length++] = (byte)(Hex(rest[0]) << 4 | Hex(rest[1]));
                at += 2;
            }
            else if (SoftBreak(rest) is > 0 and var skipped) at += skipped;
            else output[length++] = text[at];
        }

        return output.AsMemory(0, length);
    }

    private static Coding Kind(string? encoding) => encoding?.Trim().ToLowerInvariant() switch
    {
        "base64" => Coding.Base64,
        "quoted-printable" => Coding.QuotedPrintable,
        _ => Coding.Identity,
    };

    // Octets of white space and line break behind "="; 0 where it is no soft line break. No further than a line may be long.
    private static int SoftBreak(ReadOnlySpan<byte> rest)
    {
        var blanks = 0;
        while (blanks < rest.Length && blanks < 76 && (rest[blanks] is (byte)' ' or (byte)'\t')) blanks++;
        rest = rest[blanks..];
        if (rest.StartsWith("\r\n"u8)) return blanks + 2;
        return rest.StartsWith("\n"u8) ? blanks + 1 : 0;
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static int? Sextet(byte octet) => octet switch
    {
        >= (byte)'A' and <= (byte)'Z' => octet - 'A',
        >= (byte)'a' and <= (byte)'z' => octet - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => octet - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => null,
    };

    private enum Coding
    {
        Identity,
        Base64,
        QuotedPrintable,
    }
}
