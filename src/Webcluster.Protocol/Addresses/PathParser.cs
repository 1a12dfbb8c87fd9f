using System.Diagnostics;
using System.Text;

namespace Webcluster.Protocol.Addresses;

internal enum PathStatus
{
    /// <summary>An address.</summary>
    Mailbox,

    /// <summary>The null path, &lt;&gt;.</summary>
    Null,

    /// <summary>&lt;Postmaster&gt; without a domain.</summary>
    Postmaster,
    TooLong,
    Invalid,
}

/// <summary>Reads a path in angle brackets at the start of a text (RFC 5321 §4.1.2). The text is valid UTF-8.</summary>
internal static class PathParser
{
    /// <param name="length">Octets of the path with its brackets; 0 where it is refused.</param>
    public static PathStatus Parse(ReadOnlySpan<byte> text, out Mailbox? mailbox, out int length)
    {
        mailbox = null;
        length = 0;
        if (text.IsEmpty || text[0] != '<') return PathStatus.Invalid;
        if (text.StartsWith("<>"u8))
        {
            length = 2;
            return PathStatus.Null;
        }

        if (!TrySkipSourceRoute(text, out var start)) return PathStatus.Invalid;
        var local = LocalPart.Measure(text[start..]);
        // What is quoted may hold ">" and "@"; behind the local part both mean what they say.
        var close = text[(start + local)..].IndexOf((byte)'>');
        if (local == 0 || close < 0) return PathStatus.Invalid;
        var inner = text.Slice(start, local + close);
        length = start + inner.Length + 1;
        var status = close == 0 ? ParsePostmaster(inner, out mailbox) : ParseMailbox(inner, out mailbox);
        if (mailbox is null) length = 0;
        return status;
    }

    private static PathStatus ParseMailbox(ReadOnlySpan<byte> inner, out Mailbox? mailbox) => AddressSpec.Parse(inner, out mailbox) switch
    {
        AddressStatus.Valid => PathStatus.Mailbox,
        AddressStatus.TooLong => PathStatus.TooLong,
        AddressStatus.Invalid => PathStatus.Invalid,
        _ => throw new UnreachableException(),
    };

    // rfc5321#4.1.1.3
    private static PathStatus ParsePostmaster(ReadOnlySpan<byte> inner, out Mailbox? mailbox)
    {
        mailbox = Ascii.EqualsIgnoreCase(inner, "postmaster"u8) ? new Mailbox(Encoding.ASCII.GetString(inner), "") : null;
        return mailbox is null ? PathStatus.Invalid : PathStatus.Postmaster;
    }

    // rfc5321#4.1.1.3, appendix C: "@a,@b:" must be accepted and should be ignored.
    private static bool TrySkipSourceRoute(ReadOnlySpan<byte> text, out int start)
    {
        start = 1;
        if (text[1..] is not [(byte)'@', ..]) return true;
        var colon = text.IndexOf((byte)':');
        if (colon is < 0 or > AddressSpec.MaxOctets) return false;
        start = colon + 1;
        var route = text[1..colon];
        foreach (var range in route.Split((byte)','))
        {
            var hop = route[range];
            if (hop is not [(byte)'@', .. var domain] || !DomainName.TryNormalize(Encoding.UTF8.GetString(domain), out _)) return false;
        }

        return true;
    }
}
