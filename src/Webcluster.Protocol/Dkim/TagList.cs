using System.Buffers;

namespace Webcluster.Protocol.Dkim;

/// <summary>
/// A tag-list (RFC 6376 §3.2): name=value, separated by ';', each name once. Strict and bounded: what does not fit the grammar is none.
/// Values keep their folds; UTF-8 may stand in them (RFC 8616).
/// </summary>
internal sealed class TagList
{
    internal const int MaxTags = 64;

    private static readonly SearchValues<byte> NameOctets =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    /// <summary>No octet of a value: controls other than white space, and DEL.</summary>
    private static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c is not ('\t' or '\r' or '\n')).Select(c => (byte)c), 127]);

    private readonly ReadOnlyMemory<byte> _text;
    private readonly List<(Range Name, Range Value)> _tags = [];

    private TagList(ReadOnlyMemory<byte> text) => _text = text;

    internal static DkimProblem Parse(ReadOnlyMemory<byte> text, out TagList tags)
    {
        tags = new TagList(text);
        for (var at = 0; ;)
        {
            var end = text.Span[at..].IndexOf((byte)';') is var found and >= 0 ? at + found : text.Length;
            // rfc6376#3.2: the last ';' may be left out or stand
            if (end == text.Length && at > 0 && Trim(text.Span[at..]).IsEmpty)
                return DkimProblem.None;
            if (tags._tags.Count == MaxTags)
                return DkimProblem.TooManyTags;
            if (tags.Add(at, end) is var problem and not DkimProblem.None)
                return problem;
            if (end == text.Length)
                return DkimProblem.None;
            at = end + 1;
        }
    }

    /// <summary>The value without the white space around it; false where the tag is absent.</summary>
    internal bool TryGet(ReadOnlySpan<byte> name, out ReadOnlyMemory<byte> value)
    {
        var found = TryFind(name, out var range);
        value = found ? Trim(_text[range]) : default;
        return found;
    }

    internal bool Has(ReadOnlySpan<byte> name) => TryFind(name, out _);

    internal bool IsFirst(ReadOnlySpan<byte> name) => _text.Span[_tags[0].Name].SequenceEqual(name);

    /// <summary>Where the value stands in the text, the white space around it included.</summary>
    internal bool TryFind(ReadOnlySpan<byte> name, out Range value)
    {
        foreach (var tag in _tags)
        {
            value = tag.Value;
            if (_text.Span[tag.Name].SequenceEqual(name))
                return true;
        }
        value = default;
        return false;
    }

    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);

    internal static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> text) => text.Trim(" \t\r\n"u8);

    private DkimProblem Add(int start, int end)
    {
        var spec = _text.Span[start..end];
        var equals = spec.IndexOf((byte)'=');
        if (equals < 0)
            return DkimProblem.NotATagList;
        var nameStart = start + (spec.Length - spec.TrimStart(" \t\r\n"u8).Length);
        var name = Trim(spec[..equals]);
        if (name.IsEmpty || !char.IsAsciiLetter((char)name[0]) || name.ContainsAnyExcept(NameOctets))
            return DkimProblem.NotATagList;
        if (spec.ContainsAny(Controls) || !AreFoldsWhole(spec))
            return DkimProblem.NotATagList;
        if (Has(name))
            return DkimProblem.DuplicateTag;
        _tags.Add((nameStart..(nameStart + name.Length), (start + equals + 1)..end));
        return DkimProblem.None;
    }

    /// <summary>CR and LF only as CRLF, and white space behind it.</summary>
    private static bool AreFoldsWhole(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny((byte)'\r', (byte)'\n') is var at and >= 0)
        {
            if (text[at..] is not [(byte)'\r', (byte)'\n', (byte)' ' or (byte)'\t', ..])
                return false;
            text = text[(at + 2)..];
        }
        return true;
    }
}
