using System.Text;

namespace Webcluster.Protocol.Addresses;

internal enum AddressStatus { Valid, TooLong, Invalid }

/// <summary>Reads a whole local-part@domain. The text is valid UTF-8.</summary>
internal static class AddressSpec
{
    /// <summary>rfc5321#4.5.3.1.3: a path has 256 octets, its angle brackets included.</summary>
    public const int MaxOctets = 254;

    public static AddressStatus Parse(ReadOnlySpan<byte> text, out Mailbox? mailbox)
    {
        mailbox = null;
        var local = LocalPart.Measure(text);
        if (local == 0 || local >= text.Length || text[local] != '@') return AddressStatus.Invalid;
        if (local > LocalPart.MaxOctets || text.Length > MaxOctets) return AddressStatus.TooLong;
        if (!LocalPart.TryDecode(text[..local], out var localPart)) return AddressStatus.Invalid;
        if (!TryReadDomain(text[(local + 1)..], out var domain)) return AddressStatus.Invalid;
        mailbox = new Mailbox(localPart, domain);
        return AddressStatus.Valid;
    }

    private static bool TryReadDomain(ReadOnlySpan<byte> text, out string domain)
    {
        Span<char> buffer = stackalloc char[MaxOctets];
        var characters = buffer[..Encoding.UTF8.GetChars(text, buffer)];
        return characters.StartsWith('[')
            ? AddressLiteral.TryNormalize(characters, out domain)
            : DomainName.TryNormalize(characters, out domain);
    }
}
