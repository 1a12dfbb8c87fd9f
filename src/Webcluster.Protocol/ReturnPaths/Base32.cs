namespace Webcluster.Protocol.ReturnPaths;

/// <summary>RFC 4648 base32 without padding, lower case when written, either when read: receivers fold the case of local parts.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public static int Length(int octets) => (octets * 8 + 4) / 5;

    public static string Write(ReadOnlySpan<byte> octets)
    {
        var text = new char[Length(octets.Length)];
        var (at, bits, count) = (0, 0, 0);
        foreach (var octet in octets)
        {
            bits = (bits << 8 | octet) & 0xFFF;
            for (count += 8; count >= 5; count -= 5) text[at++] = Alphabet[bits >> (count - 5) & 31];
        }

        if (count > 0) text[at] = Alphabet[bits << (5 - count) & 31];
        return new string(text);
    }

    /// <summary>False where a character is none of the alphabet, the length fits no octets, or unused bits are set.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> octets)
    {
        if (text.Length != Length(octets.Length)) return false;
        var (at, bits, count) = (0, 0, 0);
        foreach (var c in text)
        {
            var value = Value(c);
            if (value < 0) return false;
            bits = (bits << 5 | value) & 0xFFF;
            count += 5;
            if (count < 8) continue;
            count -= 8;
            octets[at++] = (byte)(bits >> count);
        }

        return (bits & ((1 << count) - 1)) == 0;
    }

    private static int Value(char c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a',
        >= 'A' and <= 'Z' => c - 'A',
        >= '2' and <= '7' => c - '2' + 26,
        _ => -1,
    };
}
