using System.Buffers;

namespace Webcluster.Protocol.Headers;

/// <summary>Walks the lines of a header once, up to the empty line, the first line that is no field, or a limit.</summary>
internal ref struct HeaderScanner(ReadOnlySpan<byte> message)
{
    // rfc5322#3.6.8: printable ASCII but the colon.
    private static readonly SearchValues<byte> FieldText =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Where(value => value != ':').Select(value => (byte)value)]);

    // More than most messages have.
    private const int UsualFields = 32;

    private readonly ReadOnlySpan<byte> _message = message;
    private HeaderField[] _fields = ArrayPool<HeaderField>.Shared.Rent(UsualFields);
    private int _count;

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

    /// <summary>What was found, in an array of its own. To be called once, and nothing after it.</summary>
    public HeaderField[] TakeFields()
    {
        HeaderField[] fields = [.. _fields.AsSpan(0, _count)];
        ArrayPool<HeaderField>.Shared.Return(_fields);
        _fields = [];
        return fields;
    }

    private HeaderDefects Take(ReadOnlySpan<byte> line, int end)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            if (_count == 0) return HeaderDefects.FirstLineIsContinuation;
            _fields[_count - 1] = _fields[_count - 1] with { End = end };
            return HeaderDefects.None;
        }

        var nameLength = line.IndexOfAnyExcept(FieldText);
        if (nameLength < 0) return HeaderDefects.LineWithoutColon;
        // rfc5322#4.5.8: white space before the colon is obsolete, and still a field.
        if (nameLength == 0 || line[nameLength..].TrimStart(" \t"u8) is not [(byte)':', ..])
            return line.Contains((byte)':') ? HeaderDefects.BadFieldName : HeaderDefects.LineWithoutColon;
        if (_count == HeaderBlock.MaxFields) return HeaderDefects.TooManyFields;
        Add(new HeaderField(HeaderLength, nameLength, end));
        return HeaderDefects.None;
    }

    private void Add(HeaderField field)
    {
        if (_count == _fields.Length)
        {
            var larger = ArrayPool<HeaderField>.Shared.Rent(2 * _count);
            _fields.CopyTo(larger);
            ArrayPool<HeaderField>.Shared.Return(_fields);
            _fields = larger;
        }

        _fields[_count++] = field;
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
