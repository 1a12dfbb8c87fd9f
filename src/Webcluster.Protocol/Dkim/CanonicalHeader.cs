using System.Security.Cryptography;
using Webcluster.Protocol.Buffers;

namespace Webcluster.Protocol.Dkim;

/// <summary>
/// What a signature signs: the canonical fields that h= names, then the signature field with its b= empty (RFC 6376 §3.4.1, §3.4.2, §3.7).
/// </summary>
internal static class CanonicalHeader
{
    /// <summary>
    /// Appends the fields in the order of h=. The n-th mention of a name is its n-th field from the bottom; a mention without a field is
    /// nothing (RFC 6376 §5.4.2), which is how over-signing works.
    /// </summary>
    /// <param name="signature">The field that is being verified, never part of its own h=; -1 for none.</param>
    internal static void AppendFields(
        SignableHeader header, IReadOnlyList<ReadOnlyMemory<byte>> names, Canonicalization kind, int signature, RentedWriter to)
    {
        Span<bool> used = header.Count <= 1024 ? stackalloc bool[header.Count] : new bool[header.Count];
        if (signature >= 0)
            used[signature] = true;
        for (var n = 0; n < names.Count; n++)
        {
            for (var at = header.Count - 1; at >= 0; at--)
            {
                if (used[at] || !header.Is(at, names[n].Span))
                    continue;
                used[at] = true;
                AppendField(header.Octets(at), kind, to);
                to.Write("\r\n"u8);
                break;
            }
        }
    }

    /// <summary>Appends the signature field without its CRLF, then hashes all; leaves the writer as it was.</summary>
    internal static void Hash(RentedWriter fields, ReadOnlySpan<byte> unsigned, Canonicalization kind, Span<byte> sha256)
    {
        var length = fields.Length;
        AppendField(unsigned, kind, fields);
        SHA256.HashData(fields.Written, sha256);
        fields.Truncate(length);
    }

    /// <summary>Appends a field's canonical form without the CRLF at its end.</summary>
    internal static void AppendField(ReadOnlySpan<byte> field, Canonicalization kind, RentedWriter to)
    {
        if (field.EndsWith("\r\n"u8))
            field = field[..^2];
        switch (kind)
        {
            case Canonicalization.Simple:
                to.Write(field);
                break;
            case Canonicalization.Relaxed:
                to.Advance(Relax(field, to.GetSpan(field.Length)));
                break;
        }
    }

    private static int Relax(ReadOnlySpan<byte> field, Span<byte> to)
    {
        var colon = field.IndexOf((byte)':');
        var length = 0;
        foreach (var octet in field[..colon].TrimEnd(" \t"u8))
            to[length++] = octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
        to[length++] = (byte)':';
        var start = length;
        var space = false;
        for (var at = colon + 1; at < field.Length; at++)
        {
            var octet = field[at];
            if (octet is (byte)' ' or (byte)'\t')
            {
                space = length > start;
            }
            else if (octet == '\r' && at + 1 < field.Length && field[at + 1] == '\n')
            {
                at++;
            }
            else
            {
                if (space)
                    to[length++] = (byte)' ';
                space = false;
                to[length++] = octet;
            }
        }
        return length;
    }
}
