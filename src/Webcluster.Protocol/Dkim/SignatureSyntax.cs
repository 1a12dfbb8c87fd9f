using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Dkim;

/// <summary>The small words of signatures and key records.</summary>
internal static class SignatureSyntax
{
    internal static string Name(DkimAlgorithm algorithm) => algorithm switch
    {
        DkimAlgorithm.RsaSha256 => "rsa-sha256",
        DkimAlgorithm.Ed25519Sha256 => "ed25519-sha256",
        _ => throw new UnreachableException(),
    };

    internal static string Name(Canonicalization header, Canonicalization body) => (header, body) switch
    {
        (Canonicalization.Simple, Canonicalization.Simple) => "simple/simple",
        (Canonicalization.Simple, Canonicalization.Relaxed) => "simple/relaxed",
        (Canonicalization.Relaxed, Canonicalization.Simple) => "relaxed/simple",
        (Canonicalization.Relaxed, Canonicalization.Relaxed) => "relaxed/relaxed",
        _ => throw new UnreachableException(),
    };

    /// <summary>rfc6376#3.3; null for any other. Of rsa-sha1 the caller says more.</summary>
    internal static DkimAlgorithm? Algorithm(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "rsa-sha256"u8) ? DkimAlgorithm.RsaSha256
        : Ascii.EqualsIgnoreCase(name, "ed25519-sha256"u8) ? DkimAlgorithm.Ed25519Sha256
        : null;

    /// <summary>rfc6376#3.5 c=: the body's is simple where it is left out; null where one is unknown.</summary>
    internal static (Canonicalization Header, Canonicalization Body)? Canonicalizations(ReadOnlySpan<byte> text)
    {
        var slash = text.IndexOf((byte)'/');
        var header = One(slash < 0 ? text : text[..slash]);
        var body = slash < 0 ? Canonicalization.Simple : One(text[(slash + 1)..]);
        return header is { } h && body is { } b ? (h, b) : null;

        static Canonicalization? One(ReadOnlySpan<byte> name) =>
            Ascii.EqualsIgnoreCase(name, "simple"u8) ? Canonicalization.Simple
            : Ascii.EqualsIgnoreCase(name, "relaxed"u8) ? Canonicalization.Relaxed
            : null;
    }

    /// <summary>Digits only, at most so many; more than a long holds counts as the largest long. -1 where it is none.</summary>
    internal static long Number(ReadOnlySpan<byte> text, int maxDigits)
    {
        if (text.IsEmpty || text.Length > maxDigits || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return -1;
        return Utf8Parser.TryParse(text, out long number, out _) ? number : long.MaxValue;
    }

    /// <summary>Base64 with white space anywhere (RFC 6376 §2.10); null where it is none.</summary>
    internal static byte[]? Base64Octets(ReadOnlySpan<byte> text)
    {
        var octets = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        var status = Base64.DecodeFromUtf8(text, octets, out _, out var written);
        return status == OperationStatus.Done ? octets[..written] : null;
    }

    /// <summary>Is a word among those that ':' separates (RFC 6376 §3.5 q=, §3.6.1 h= s= t=)?</summary>
    internal static bool Lists(ReadOnlySpan<byte> list, ReadOnlySpan<byte> word)
    {
        foreach (var part in list.Split((byte)':'))
        {
            if (Ascii.EqualsIgnoreCase(TagList.Trim(list[part]), word))
                return true;
        }
        return false;
    }

    /// <summary>A name in lower case, U-labels as A-labels (RFC 8616); null where it is none.</summary>
    internal static string? NormalizedName(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 1024)
            return null;
        var name = Encoding.UTF8.GetString(utf8);
        if (Ascii.IsValid(utf8))
            return IsName(name) ? name.ToLowerInvariant() : null;
        return DomainName.TryNormalize(name, out var normalized) ? normalized : null;
    }

    /// <summary>Labels of letters, digits, '-' and '_', each 1 to 63 long, 253 in all: what d= and s= are made of.</summary>
    internal static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > 253)
            return false;
        foreach (var part in name.Split('.'))
        {
            var label = name[part];
            if (label.Length is 0 or > 63)
                return false;
            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                    return false;
            }
        }
        return true;
    }
}
