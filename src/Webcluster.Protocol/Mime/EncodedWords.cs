using System.Text;

namespace Webcluster.Protocol.Mime;

/// <summary>Encoded words in header fields (RFC 2047), also where they stand inside quotes or touch other text, as many write
/// them.</summary>
internal static class EncodedWords
{
    // rfc2047#2 allows 75 octets a word; many write more. What is longer still is no word.
    private const int MaxWord = 2000;
    private const int MaxCharset = 64;

    public static string Decode(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal)) return text;
        var output = new StringBuilder(text.Length);
        var at = 0;
        var afterWord = false;
        while (at < text.Length)
        {
            var start = text.IndexOf("=?", at, StringComparison.Ordinal);
            if (start < 0 || !TryRead(text, start, out var word, out var end))
            {
                var until = start < 0 ? text.Length : start + 2;
                output.Append(text, at, until - at);
                (at, afterWord) = (until, false);
                continue;
            }

            // rfc2047#6.2: white space between encoded words is no text.
            if (!afterWord || !string.IsNullOrWhiteSpace(text[at..start])) output.Append(text, at, start - at);
            output.Append(word);
            (at, afterWord) = (end, true);
        }

        return output.ToString();
    }

    // rfc2047#2: "=?" charset "?" encoding "?" text "?=".
    private static bool TryRead(string text, int start, out string word, out int end)
    {
        (word, end) = ("", start);
        var charsetEnd = text.IndexOf('?', start + 2, Math.Min(MaxCharset, text.Length - start - 2));
        if (charsetEnd < 0 || charsetEnd + 2 >= text.Length || text[charsetEnd + 2] != '?') return false;
        var textEnd = text.IndexOf("?=", charsetEnd + 3, Math.Min(MaxWord, text.Length - charsetEnd - 3), StringComparison.Ordinal);
        if (textEnd < 0) return false;
        var coded = Encoding.Latin1.GetBytes(text[(charsetEnd + 3)..textEnd]);
        ReadOnlySpan<byte> octets;
        switch (text[charsetEnd + 1])
        {
            case 'B' or 'b':
                octets = TransferEncoding.DecodeBase64(coded, coded.Length).Span;
                break;
            case 'Q' or 'q':
                coded.AsSpan().Replace((byte)'_', (byte)' ');
                octets = TransferEncoding.DecodeQuotedPrintable(coded, coded.Length).Span;
                break;
            default:
                return false;
        }

        // rfc2231#5: a language may follow the character set.
        word = Charset.Decode(octets, text[(start + 2)..charsetEnd].Split('*')[0]);
        end = textEnd + 2;
        return true;
    }
}
