using System.Globalization;
using System.Text;

namespace Webcluster.Protocol.Dsn;

/// <summary>Makes text that others wrote safe to stand in a header field or a line, and folds it.</summary>
internal static class FieldText
{
    // rfc5322#2.1.1
    public const int PreferredLine = 78;
    public const int MaxLine = 998;

    /// <summary>Characters of one value; a reply can be 200 KB long, a report need not.</summary>
    public const int MaxValue = 4096;

    /// <summary>
    /// On one line and without control characters, whatever came in: they become "?", as do the Unicode line ends that some readers split
    /// at.
    /// What is too long is cut.
    /// </summary>
    /// <param name="utf8">False: what is not ASCII is written as \x{HEX} (the form of RFC 6533 §3, which people can still read).</param>
    public static string Clean(string text, bool utf8)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaxValue) + 16);
        foreach (var rune in text.AsSpan().Trim().EnumerateRunes())
        {
            if (clean.Length >= MaxValue)
            {
                clean.Append("...");
                break;
            }
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029) clean.Append('?');
            else if (rune.IsAscii || utf8) clean.Append(rune.ToString());
            else AppendHex(clean, rune);
        }
        return clean.ToString().TrimEnd();
    }

    // rfc6533#3: EmbeddedUnicodeChar, upper case, at least two digits.
    public static void AppendHex(StringBuilder output, Rune rune) => output.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X2}}}");

    /// <summary>One header field. The value must be clean; an empty one is left out with its field.</summary>
    public static void AppendField(StringBuilder output, string name, string value)
    {
        if (value.Length == 0) return;
        output.Append(name).Append(": ");
        AppendFolded(output, value, name.Length + 2, indent: "");
        output.Append("\r\n");
    }

    /// <summary>
    /// Breaks lines before spaces, which stay, so that unfolding gives the value back; a word longer than a line may be is broken
    /// anywhere. No line consists of spaces alone: it would pass for the end of a header.
    /// </summary>
    /// <param name="column">Octets that stand in the first line already.</param>
    /// <param name="indent">What continued lines begin with, before their space.</param>
    public static void AppendFolded(StringBuilder output, string value, int column, string indent)
    {
        value = value.TrimEnd(' ');
        for (var at = 0; at < value.Length;)
        {
            var word = WordAt(value, at);
            at += word.Length;
            var width = Encoding.UTF8.GetByteCount(word);
            if (width > MaxLine / 2 && word[0] == ' ') word = string.Concat(" ", word.TrimStart(' '));
            if (word[0] == ' ' && column + width > PreferredLine) StartLine(output, indent, ref column);
            foreach (var rune in word.EnumerateRunes())
            {
                if (column + rune.Utf8SequenceLength > MaxLine)
                {
                    StartLine(output, indent, ref column);
                    output.Append(' ');
                    column++;
                }
                output.Append(rune.ToString());
                column += rune.Utf8SequenceLength;
            }
        }
    }

    private static void StartLine(StringBuilder output, string indent, ref int column)
    {
        output.Append("\r\n").Append(indent);
        column = indent.Length;
    }

    /// <summary>The spaces at a place and what follows up to the next.</summary>
    private static ReadOnlySpan<char> WordAt(string value, int start)
    {
        var end = start;
        while (end < value.Length && value[end] == ' ') end++;
        while (end < value.Length && value[end] != ' ') end++;
        return value.AsSpan(start, end - start);
    }
}
