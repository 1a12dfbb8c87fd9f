using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Dsn;

/// <summary>Addresses with their type, as the fields of a report have them (RFC 3464 §2.1.2, RFC 6533 §3).</summary>
internal static class DsnAddress
{
    private const string Ascii = "rfc822";
    private const string Unicode = "utf-8";

    public static string Format(Mailbox mailbox, bool utf8) => Format(Ascii, mailbox.ToString(), utf8);

    /// <summary>ORCPT as it was given, decoded; empty, so that the field is left out, where type or address is missing.</summary>
    public static string FormatOriginal(string? originalRecipient, bool utf8)
    {
        if (originalRecipient is null) return "";
        var semicolon = originalRecipient.IndexOf(';', StringComparison.Ordinal);
        if (semicolon <= 0) return "";
        var type = originalRecipient[..semicolon];
        return type.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? Format(type, originalRecipient[(semicolon + 1)..], utf8) : "";
    }

    private static string Format(string type, string address, bool utf8)
    {
        var clean = FieldText.Clean(address, utf8: true);
        if (clean.Length == 0) return "";
        if (System.Text.Ascii.IsValid(clean)) return $"{type}; {clean}";
        // rfc6533#3: what is not ASCII has the type utf-8, also where ORCPT said rfc822.
        return $"{Unicode}; {(utf8 ? clean : ToXtext(clean))}";
    }

    // rfc6533#3: utf-8-addr-xtext, the only form for message/delivery-status.
    private static string ToXtext(string address)
    {
        var text = new StringBuilder(address.Length * 2);
        foreach (var rune in address.EnumerateRunes())
        {
            if (rune.Value is > ' ' and <= '~' and not ('+' or '=' or '\\')) text.Append((char)rune.Value);
            else FieldText.AppendHex(text, rune);
        }
        return text.ToString();
    }
}
