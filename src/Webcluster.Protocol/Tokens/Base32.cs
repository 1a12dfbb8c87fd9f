namespace Webcluster.Protocol.Tokens;

/// <summary>
/// Base32 in lower case without padding (RFC 4648 §6): what stands in local parts survives systems that fold their case. A text is read in
/// either case, and only where it is the one that its octets are written as.
/// </summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public static int LengthOf(int octets) => (octets * 8 + 4) / 5;

    public static string Write(ReadOnlySpan<byte> octets)
    {
        Span<char> text = stackalloc char[LengthOf(octets.Length)];
        var at = 0;
        var (bits, count) = (0, 0);
        foreach (var octet in octets)
        {
            bits = (bits << 8) | octet;
            for (count += 8; count >= 5; count -= 5) text[at++] = Alphabet[(bits >> (count - 5)) & 31];
            bits &= (1 << count) - 1;
        }

        if (count > 0) text[at] = Alphabet[(bits << (5 - count)) & 31];
        return text.ToString();
    }

    /// <param name="octets">Filled whole, from a text of exactly its length.</param>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> octets)
    {
        if (text.Length != LengthOf(octets.Length)) return false;
        var at = 0;
        var (bits, count) = (0, 0);
        foreach (var character in text)
        {
            var value = ValueOf(character);
            if (value < 0) return false;
            bits = (bits << 5) | value;
            count += 5;
            if (count < 8) continue;
            count -= 8;
            octets[at++] = (byte)(bits >> count);
            bits &= (1 << count) - 1;
        }

        // The bits that are left over are zero in what was written.
        return bits == 0;
    }

    private static int ValueOf(char character) => character switch
    {
        >= 'a' and <= 'z' => character - 'a',
        >= 'A' and <= 'Z' => character - 'A',
        >= '2' and <= '7' => character - '2' + 26,
        _ => -1,
    };
}
