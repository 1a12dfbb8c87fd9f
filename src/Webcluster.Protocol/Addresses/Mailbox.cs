using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Webcluster.Protocol.Addresses;

/// <summary>
/// local-part@domain (RFC 5321 §4.1.2, RFC 6531). <see cref="LocalPart"/> is what the quotes stood around, decoded; <see cref="Domain"/> is
/// comparable: lower-case A-labels (IDNA), or an address literal as "[192.0.2.1]" or "[IPv6:2001:db8::1]".
/// Equality: local part exact, domain exact (it is already lower case).
/// </summary>
public sealed record Mailbox(string LocalPart, string Domain) : IUtf8SpanFormattable
{
    /// <summary>False where the local part needs SMTPUTF8; the domain is always ASCII.</summary>
    public bool IsAscii => Ascii.IsValid(LocalPart);

    public bool IsAddressLiteral => Domain.StartsWith('[');

    /// <summary>The form for the wire: quoted only where the local part needs it. "Postmaster" alone where the domain is empty.</summary>
    public override string ToString()
    {
        var local = Addresses.LocalPart.Write(LocalPart);
        return Domain.Length == 0 ? local : $"{local}@{Domain}";
    }

    /// <summary>As <see cref="ToString"/>, in UTF-8.</summary>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var local = Addresses.LocalPart.Write(LocalPart);
        return Domain.Length == 0
            ? Utf8.TryWrite(utf8Destination, $"{local}", out bytesWritten)
            : Utf8.TryWrite(utf8Destination, $"{local}@{Domain}", out bytesWritten);
    }

    /// <summary>Parses a whole "local@domain" (no angle brackets, no display name).</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Mailbox? mailbox)
    {
        mailbox = null;
        return Utf8.IsValid(utf8) && AddressSpec.Parse(utf8, out mailbox) == AddressStatus.Valid;
    }

    public static bool TryParse(string text, out Mailbox? mailbox)
    {
        mailbox = null;
        Span<byte> utf8 = stackalloc byte[AddressSpec.MaxOctets];
        return Utf8.FromUtf16(text, utf8, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done
            && TryParse(utf8[..length], out mailbox);
    }
}
