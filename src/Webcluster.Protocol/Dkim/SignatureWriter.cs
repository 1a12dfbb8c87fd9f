using System.Buffers.Text;
using System.Text;
using Webcluster.Protocol.Buffers;

namespace Webcluster.Protocol.Dkim;

/// <summary>
/// Writes one DKIM-Signature field (RFC 6376 §3.5), folded by CRLF and a space before it passes 78 columns; only a name that is longer
/// stands over. Everything up to "b=" is what gets signed; the value behind it, folds included, is taken out again by the verifier.
/// </summary>
internal ref struct SignatureWriter(RentedWriter to)
{
    private const int MaxColumns = 78;

    private readonly int _start = to.Length;
    private int _column;

    internal readonly ReadOnlySpan<byte> Unsigned => to.Written[_start..];

    internal void Begin()
    {
        to.Write("DKIM-Signature:"u8);
        _column = to.Length - _start;
    }

    internal void Tag(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        Space(name.Length + 1 + value.Length + 1);
        Write(name);
        Write("="u8);
        _column += value.Length;
        to.Advance(Encoding.ASCII.GetBytes(value, to.GetSpan(value.Length)));
        Write(";"u8);
    }

    internal void SignedNames(IReadOnlyList<ReadOnlyMemory<byte>> names)
    {
        Space("h="u8.Length + names[0].Length + 1);
        Write("h="u8);
        for (var n = 0; n < names.Count; n++)
        {
            if (n > 0 && _column + names[n].Length + 1 > MaxColumns)
                Fold();
            Write(names[n].Span);
            Write(n == names.Count - 1 ? ";"u8 : ":"u8);
        }
    }

    internal void EmptySignature()
    {
        Space("b="u8.Length + 4);
        Write("b="u8);
    }

    /// <summary>The value of b= and the end of the field.</summary>
    internal void Signature(ReadOnlySpan<byte> octets)
    {
        while (true)
        {
            var take = Math.Min(octets.Length, (MaxColumns - _column) / 4 * 3);
            Base64.EncodeToUtf8(octets[..take], to.GetSpan(MaxColumns), out _, out var written, isFinalBlock: true);
            to.Advance(written);
            octets = octets[take..];
            if (octets.IsEmpty)
                break;
            Fold();
        }
        to.Write("\r\n"u8);
    }

    /// <summary>A space before a word of so many columns, on this line or the next.</summary>
    private void Space(int columns)
    {
        if (_column + 1 + columns > MaxColumns)
            Fold();
        else
            Write(" "u8);
    }

    private void Fold()
    {
        to.Write("\r\n "u8);
        _column = 1;
    }

    private void Write(ReadOnlySpan<byte> octets)
    {
        to.Write(octets);
        _column += octets.Length;
    }
}
