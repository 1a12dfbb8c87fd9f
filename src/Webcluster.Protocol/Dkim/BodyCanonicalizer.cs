using System.Numerics;
using System.Runtime.Intrinsics;

namespace Webcluster.Protocol.Dkim;

/// <summary>
/// The canonical form of a body (RFC 6376 §3.4.3, §3.4.4), as a stream: however the body is cut into pieces, the sink gets the same octets.
/// Stretches in which nothing changes go to the sink as they are.
/// </summary>
internal sealed class BodyCanonicalizer(Canonicalization kind, ICanonicalSink sink)
{
    private readonly TrailingLines _lines = new(sink);

    /// <summary>White space was seen; it counts as one space unless the line ends behind it.</summary>
    private bool _space;

    /// <summary>Behind that space, a CR at the end of the piece.</summary>
    private bool _carriageReturn;

    internal void Append(ReadOnlySpan<byte> piece)
    {
        switch (kind)
        {
            case Canonicalization.Simple:
                _lines.Append(piece);
                break;
            case Canonicalization.Relaxed:
                AppendRelaxed(piece);
                break;
        }
    }

    internal void Finish()
    {
        if (_carriageReturn)
            _lines.Append(" \r"u8);
        _lines.Finish(emptyToo: kind == Canonicalization.Simple);
    }

    private void AppendRelaxed(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            if (_space)
            {
                piece = AfterSpace(piece);
                if (_space)
                    return;
            }
            var unchanged = IndexOfCollapsible(piece);
            _lines.Append(piece[..unchanged]);
            piece = piece[unchanged..];
            _space = !piece.IsEmpty;
        }
    }

    /// <summary>Decides what becomes of the white space, which goes on or ends here; undecided, nothing of the piece is left.</summary>
    private ReadOnlySpan<byte> AfterSpace(ReadOnlySpan<byte> piece)
    {
        if (_carriageReturn)
        {
            _lines.Append(piece[0] == '\n' ? "\r"u8 : " \r"u8);
            _carriageReturn = _space = false;
            return piece;
        }
        piece = piece.TrimStart(" \t"u8);
        if (piece.IsEmpty)
            return piece;
        if (piece is [(byte)'\r'])
        {
            _carriageReturn = true;
            return [];
        }
        if (piece is not [(byte)'\r', (byte)'\n', ..])
            _lines.Append(" "u8);
        _space = false;
        return piece;
    }

    /// <summary>The first white space that is not just one space between two octets of a line; the length where there is none.</summary>
    private static int IndexOfCollapsible(ReadOnlySpan<byte> text)
    {
        var at = 0;
        for (; at + Vector128<byte>.Count < text.Length; at += Vector128<byte>.Count)
        {
            var here = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
            var next = Vector128.Create(text.Slice(at + 1, Vector128<byte>.Count));
            var found = Is(here, '\t') | (Is(here, ' ') & (Is(next, ' ') | Is(next, '\t') | Is(next, '\r')));
            if (found != Vector128<byte>.Zero)
                return at + BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits());
        }
        for (; at < text.Length; at++)
        {
            if (text[at] == '\t' || (text[at] == ' ' && (at + 1 == text.Length || text[at + 1] is (byte)' ' or (byte)'\t' or (byte)'\r')))
                return at;
        }
        return text.Length;

        static Vector128<byte> Is(Vector128<byte> octets, char wanted) => Vector128.Equals(octets, Vector128.Create((byte)wanted));
    }
}
