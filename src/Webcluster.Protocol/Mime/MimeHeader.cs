using System.Text;

namespace Webcluster.Protocol.Mime;

/// <summary>
/// A header as it comes, broken ones too: any line end, white space before the colon. It ends at an empty line or at
/// the first line that can be no field. Values are decoded when asked for.
/// </summary>
public sealed class MimeHeader
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly List<Field> _fields;
    private readonly int _maxFieldOctets;

    private MimeHeader(ReadOnlyMemory<byte> text, List<Field> fields, int maxFieldOctets)
    {
        _text = text;
        _fields = fields;
        _maxFieldOctets = maxFieldOctets;
    }

    public int Count => _fields.Count;

    /// <summary>Does it have a field that a part of a mail has?</summary>
    public bool IsOfPart => _fields.Exists(each =>
        each.NameLength > 8 && Ascii.EqualsIgnoreCase(_text.Span.Slice(each.Start, 8), "Content-"u8));

    /// <summary>Does it have fields that only a message has?</summary>
    public bool IsOfMessage => Has("Received") || (Has("From") && (Has("Message-ID") || Has("Date") || Has("Subject")));

    internal static MimeHeader Empty(ReadOnlySpan<byte> text, MimeLimits limits, out int bodyOffset)
    {
        if (LineBreaks.EndOfLine(text, 0, out bodyOffset) > 0) bodyOffset = 0;
        return new MimeHeader(default, [], limits.MaxFieldOctets);
    }

    /// <summary>Octets of empty lines, and of the line that an mbox or a spool file puts in front of a mail.</summary>
    internal static int Front(ReadOnlySpan<byte> text)
    {
        var at = text.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (at < text.Length)
        {
            var end = LineBreaks.EndOfLine(text, at, out var next);
            var line = text[at..end];
            if (!line.Trim(" \t"u8).IsEmpty && !line.StartsWith("From "u8) && !line.StartsWith(">From "u8)) break;
            at = next;
        }

        return at;
    }

    /// <param name="bodyOffset">Behind the empty line, or at the line that ended the header.</param>
    public static MimeHeader Scan(ReadOnlyMemory<byte> text, MimeLimits limits, int mostFields, out int bodyOffset)
    {
        var fields = new List<Field>();
        bodyOffset = Scan(text.Span, limits, mostFields, fields);
        return new MimeHeader(text, fields, limits.MaxFieldOctets);
    }

    /// <summary>The header of a message that stands alone: what may stand in front of it is passed over.</summary>
    public static MimeHeader ScanMessage(ReadOnlyMemory<byte> text, MimeLimits limits) =>
        Scan(text[Front(text.Span)..], limits, limits.MaxFields, out _);

    public bool Has(string name) => IndexOf(name, 0) >= 0;

    /// <summary>The first field of that name: unfolded, trimmed, UTF-8 or else Latin-1; null where there is none.</summary>
    public string? Value(string name) => IndexOf(name, 0) is >= 0 and var index ? Read(_fields[index]) : null;

    /// <summary>As <see cref="Value"/>, with its RFC 2047 words decoded.</summary>
    public string? DecodedValue(string name) => Value(name) is { } value ? EncodedWords.Decode(value) : null;

    /// <summary>The values of all fields of that name, at most <paramref name="most"/>.</summary>
    public IEnumerable<string> Values(string name, int most = 100)
    {
        for (var index = IndexOf(name, 0); index >= 0 && most > 0; index = IndexOf(name, index + 1), most--)
            yield return Read(_fields[index]);
    }

    private static int Scan(ReadOnlySpan<byte> text, MimeLimits limits, int mostFields, List<Field> fields)
    {
        var at = 0;
        var limit = Math.Min(text.Length, limits.MaxHeaderOctets);
        while (at < text.Length)
        {
            var end = LineBreaks.EndOfLine(text, at, out var next);
            if (end == at) return next;
            var line = text[at..end];
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                if (fields.Count == 0) return at;
                fields[^1] = fields[^1] with { End = end };
            }
            else
            {
                var nameLength = NameLength(line);
                if (nameLength == 0) return at;
                // What is beyond a limit still belongs to the header, unread.
                if (at < limit && fields.Count < mostFields) fields.Add(new Field(at, nameLength, end));
            }

            at = next;
        }

        return text.Length;
    }

    // rfc5322#3.6.8 and rfc5322#4.5: printable ASCII, perhaps white space, a colon. 0: the line is no field.
    private static int NameLength(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0) return 0;
        var name = line[..colon].TrimEnd(" \t"u8);
        return name.IsEmpty || name.IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0 ? 0 : name.Length;
    }

    private int IndexOf(string name, int from)
    {
        for (var index = from; index < _fields.Count; index++)
        {
            var field = _fields[index];
            if (Ascii.EqualsIgnoreCase(_text.Span.Slice(field.Start, field.NameLength), name)) return index;
        }

        return -1;
    }

    private string Read(in Field field)
    {
        var value = _text.Span[(field.Start + field.NameLength)..field.End];
        value = value[(value.IndexOf((byte)':') + 1)..];
        if (value.Length > _maxFieldOctets) value = value[.._maxFieldOctets];
        // rfc5322#2.2.3: unfolding takes out the line break and leaves the white space.
        return Charset.Decode(value, null).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Trim();
    }

    private readonly record struct Field(int Start, int NameLength, int End);
}
