using System.Buffers;

namespace Webcluster.Protocol.Smtp;

/// <summary>
/// Takes the content after DATA apart (RFC 5321 §4.1.1.4, §4.5.2): only CRLF ends a line, only CRLF.CRLF ends the data, a leading dot
/// is removed. Keeps its place between calls, so a segment may end anywhere. Not thread-safe; one per transaction, <see cref="Reset"/>
/// between.
/// </summary>
/// <remarks>
/// A defect changes nothing in where the end is: the bytes up to the true end are content, so nothing in them can become a command.
/// The places: LineStart -"."→ Dot -CR→ DotCr -LF→ end. Any other octet behind Dot or DotCr means that the dot was stuffed.
/// </remarks>
public sealed class DataDecoder
{
    /// <summary>rfc5321#4.5.3.1.6: 998 octets of text and CRLF.</summary>
    public const int MaxTextLine = 998;

    private readonly ChunkInspector _inspector = new();
    private Place _place;

    // LineStart is first: the data begins at the start of a line.
    private enum Place : byte { LineStart, Text, Cr, Dot, DotCr }

    public ContentDefects Defects => _inspector.Defects;

    /// <summary>Decodes from <paramref name="input"/> into <paramref name="output"/>.</summary>
    /// <param name="output">Null where the content is only to be passed over, to its end.</param>
    /// <returns>True when the end of data was met; <paramref name="consumed"/> then stands behind it, else at the end of the
    /// input.</returns>
    public bool Decode(ReadOnlySpan<byte> input, IBufferWriter<byte>? output, out int consumed)
    {
        var written = 0;
        var at = 0;
        while (at < input.Length)
        {
            if (_place == Place.Text)
            {
                at += SkipText(input[at..]);
                continue;
            }

            var octet = input[at];
            switch (_place)
            {
                case Place.LineStart when octet == '.':
                    Write(input[written..at], output);
                    written = at + 1;
                    break;
                case Place.DotCr when octet == '\n':
                    consumed = at + 1;
                    return true;
                // The CR behind a dot is held back until it is known not to be the end's; here it came with an earlier segment.
                case Place.DotCr when at == 0:
                    Write("\r"u8, output);
                    break;
            }

            _place = Next(_place, octet);
            at++;
        }

        if (_place != Place.DotCr) Write(input[written..], output);
        consumed = input.Length;
        return false;
    }

    public void Reset()
    {
        _inspector.Reset();
        _place = Place.LineStart;
    }

    // rfc5321#4.1.1.4
    private static Place Next(Place place, byte octet) => (place, octet) switch
    {
        (Place.LineStart, (byte)'.') => Place.Dot,
        (Place.Dot, (byte)'\r') => Place.DotCr,
        (Place.Cr, (byte)'\n') => Place.LineStart,
        (_, (byte)'\r') => Place.Cr,
        _ => Place.Text,
    };

    // Only a line that begins with a dot matters: the search passes over all others in one sweep.
    private int SkipText(ReadOnlySpan<byte> text)
    {
        var found = text.IndexOf("\r\n."u8);
        if (found >= 0)
        {
            _place = Place.LineStart;
            return found + 2;
        }

        _place = text.EndsWith("\r\n"u8) ? Place.LineStart : text[^1] == '\r' ? Place.Cr : Place.Text;
        return text.Length;
    }

    private void Write(ReadOnlySpan<byte> content, IBufferWriter<byte>? output)
    {
        _inspector.Inspect(content);
        output?.Write(content);
    }
}
