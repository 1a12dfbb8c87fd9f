using System.Buffers;

namespace Webcluster.Protocol.Headers;

/// <summary>Walks the lines of a header once, up to the empty line, the first line that is no field, or a limit.</summary>
internal ref struct HeaderScanner(ReadOnlySpan<byte> message)
{
    // rfc5322#3.6.8: printable ASCII but the colon.
    private static readonly SearchValues<byte> FieldText =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Where(value => value != ':').Select(value => (byte)value)]);

    private readonly ReadOnlySpan<byte> _message = message;
    private readonly List<HeaderField> _fields = new(capacity: 24);

    public readonly IReadOnlyList<HeaderField> Fields => _fields;

    public HeaderDefects Defects { get; private set; }

    public int HeaderLength { get; private set; }

    public int BodyOffset { get; private set; }

    public void Scan()
    {
        while (HeaderLength < _message.Length)
        {
            if (!TryFindLineEnd(out var end))
            {
                Defects |= HeaderDefects.BlockTooLarge;
                break;
            }

            var line = _message[HeaderLength..end];
            if (line.SequenceEqual("\r\n"u8))
            {
                BodyOffset = end;
                return;
            }

            var defect = Take(line, end);
            if (defect != HeaderDefects.None)
            {
                Defects |= defect;
                break;
            }

            HeaderLength = end;
        }

        BodyOffset = HeaderLength;
    }

    private readonly HeaderDefects Take(ReadOnlySpan<byte> line, int end)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            if (_fields.Count == 0) return HeaderDefects.FirstLineIsContinuation;
            _fields[^1] = _fields[^1] with { End = end };
            return HeaderDefects.None;
        }

        var nameLength = line.IndexOfAnyExcept(FieldText);
        if (nameLength < 0) return HeaderDefects.LineWithoutColon;
        // rfc5322#4.5.8: white space before the colon is obsolete, and still a field.
        if (nameLength == 0 || line[nameLength..].TrimStart(" \t"u8) is not [(byte)':', ..])
            return line.Contains((byte)':') ? HeaderDefects.BadFieldName : HeaderDefects.LineWithoutColon;
        if (_fields.Count == HeaderBlock.MaxFields) return HeaderDefects.TooManyFields;
        _fields.Add(new HeaderField(HeaderLength, nameLength, end));
        return HeaderDefects.None;
    }

    // Behind the line's CRLF, or the end of the message. False where a field would reach beyond the limit; the empty line may.
    private readonly bool TryFindLineEnd(out int end)
    {
        var limit = Math.Min(_message.Length, HeaderBlock.MaxOctets);
        end = limit;
        if (_message[HeaderLength..].StartsWith("\r\n"u8)) end = HeaderLength + 2;
        else if (_message[HeaderLength..limit].IndexOf("\r\n"u8) is >= 0 and var found) end = HeaderLength + found + 2;
        else return limit == _message.Length;
        return true;
    }
}
