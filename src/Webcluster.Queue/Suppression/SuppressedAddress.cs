using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Queue.Suppression;

/// <summary>
/// An address as the list compares and keeps it: the local part in lower case too, the domain as lower-case A-labels; or the hash of that,
/// where the list holds no addresses in the clear. Local parts are their server's own business (RFC 5321 §2.4), but hardly a server takes
/// two that differ in case alone for two people, and mail to somebody who wants none must not pass because of a capital letter.
/// </summary>
public readonly record struct SuppressedAddress
{
    /// <summary>A hash is the first 16 octets of an HMAC.</summary>
    public const int HashOctets = 16;

    /// <summary>A hash as text: this, and 32 hex digits. No address looks like it.</summary>
    public const string HashPrefix = "hmac:";

    // No address has a control character in it.
    private const byte HashMark = 1;

    private readonly string? _text;

    private SuppressedAddress(string text) => _text = text;

    /// <summary>The address cannot be read from it.</summary>
    public bool IsHash => ToString().StartsWith(HashPrefix, StringComparison.Ordinal);

    public static SuppressedAddress Of(Mailbox mailbox)
    {
        var lower = mailbox.LocalPart.ToLowerInvariant();
        return new SuppressedAddress((lower == mailbox.LocalPart ? mailbox : mailbox with { LocalPart = lower }).ToString());
    }

    /// <param name="hash">Of more octets the first count.</param>
    public static SuppressedAddress OfHash(ReadOnlySpan<byte> hash) => new(HashPrefix + Convert.ToHexStringLower(hash[..HashOctets]));

    /// <summary>An address with a domain, or a hash of 32 hex digits or of 64, whose first 32 count.</summary>
    public static bool TryParse(string text, out SuppressedAddress address)
    {
        address = default;
        if (text.StartsWith(HashPrefix, StringComparison.OrdinalIgnoreCase))
            return TryParseHash(text.AsSpan(HashPrefix.Length), out address);
        if (!Mailbox.TryParse(text, out var mailbox)) return false;
        address = Of(mailbox!);
        return true;
    }

    /// <summary>As it is written; <see cref="TryParse"/> reads it back.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>As it is stored. Frozen.</summary>
    internal byte[] ToOctets() => IsHash
        ? [HashMark, .. Convert.FromHexString(_text.AsSpan(HashPrefix.Length))]
        : Encoding.UTF8.GetBytes(ToString());

    internal static SuppressedAddress FromOctets(ReadOnlySpan<byte> octets) =>
        octets is [HashMark, .. { Length: HashOctets } hash] ? OfHash(hash) : new SuppressedAddress(Encoding.UTF8.GetString(octets));

    private static bool TryParseHash(ReadOnlySpan<char> digits, out SuppressedAddress address)
    {
        address = default;
        Span<byte> hash = stackalloc byte[2 * HashOctets];
        if (digits.Length is not (2 * HashOctets or 4 * HashOctets)
            || Convert.FromHexString(digits, hash, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        address = OfHash(hash);
        return true;
    }
}
