using System.Buffers;
using System.Globalization;
using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Smtp;

/// <summary>
/// What a peer sent, made fit to be shown: printable UTF-8 is kept; control characters, what is invisible and octets that are not UTF-8
/// become "\x1b" or "\u202e". One line stays one line, and a terminal obeys none of it.
/// </summary>
internal static class DisplayText
{
    public static string Escape(ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAnyExceptInRange((byte)' ', (byte)'~')) return Encoding.ASCII.GetString(text);
        var escaped = new StringBuilder(text.Length + 16);
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (status != OperationStatus.Done)
                foreach (var octet in text[..length]) AppendOctet(escaped, octet);
            // rfc5321#4.2: a tab is allowed in the text, as white space.
            else if (rune.Value == '\t') escaped.Append(' ');
            else if (!UnicodeRules.IsInvisible(rune)) escaped.Append(rune);
            else if (rune.IsAscii) AppendOctet(escaped, (byte)rune.Value);
            else escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            text = text[length..];
        }

        return escaped.ToString();
    }

    private static void AppendOctet(StringBuilder escaped, byte octet) => escaped.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}");
}
