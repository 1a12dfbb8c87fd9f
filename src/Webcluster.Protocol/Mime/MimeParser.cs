namespace Webcluster.Protocol.Mime;

/// <summary>
/// The structure of a mail (RFC 2045, 2046), as broken as it comes: a boundary that is missing is guessed, one that never ends ends with
/// its parent, one that never appears leaves a text. Every octet is looked at once per level; bounded by <see cref="MimeLimits"/>.
/// </summary>
public sealed class MimeParser
{
    private readonly MimeLimits _limits;
    private int _parts;
    private int _fields;
    private int _decoded;

    private MimeParser(MimeLimits limits) => _limits = limits;

    public static MimePart Parse(ReadOnlyMemory<byte> mail, MimeLimits limits)
    {
        if (mail.Length > limits.MaxOctets) mail = mail[..limits.MaxOctets];
        return new MimeParser(limits).ParsePart(LineBreaks.WithLineFeeds(mail), isMessage: true, depth: 0);
    }

    private MimePart ParsePart(ReadOnlyMemory<byte> text, bool isMessage, int depth)
    {
        _parts++;
        var front = isMessage ? MimeHeader.Front(text.Span) : 0;
        var header = MimeHeader.Scan(text[front..], _limits, _limits.MaxFields - _fields, out var bodyOffset);
        // rfc2046#5.1: a part may have no header; its first lines are then no fields, though they may look like some.
        if (!isMessage && !header.IsOfPart && !header.IsOfMessage) header = MimeHeader.Empty(text.Span, _limits, out bodyOffset);
        _fields += header.Count;
        var body = text[(front + bodyOffset)..];
        var type = ContentType.Parse(header.Value("Content-Type"));
        // rfc2046#5.1: a multipart in which no boundary stands is read as text.
        IReadOnlyList<MimePart> parts = [];
        if (depth < _limits.MaxDepth)
        {
            if (type.IsMultipart) parts = ParseMultipart(body, type.Boundary, depth + 1);
            else if (HoldsMessage(type)) parts = ParseMessage(header, body, depth + 1);
        }

        if (type.IsMultipart && parts.Count == 0) type = ContentType.Default with { Parameters = type.Parameters };
        return new MimePart(header, type, body, _limits) { Parts = parts };
    }

    // rfc2046#5.2.1 and rfc6532#3.7.
    private static bool HoldsMessage(ContentType type) => type is { Type: "message", Subtype: "rfc822" or "global" or "news" };

    private MimePart[] ParseMessage(MimeHeader header, ReadOnlyMemory<byte> body, int depth)
    {
        if (_parts >= _limits.MaxParts) return [];
        var encoding = header.Value("Content-Transfer-Encoding");
        if (TransferEncoding.IsEncoded(encoding) && !LooksLikeHeader(body.Span))
        {
            body = TransferEncoding.Decode(body, encoding, _limits.MaxDecodedOctets - _decoded);
            _decoded += body.Length;
        }

        return [ParsePart(body, isMessage: true, depth)];
    }

    // Many say base64 or quoted-printable of the message that they return, and mean the message's own body.
    private static bool LooksLikeHeader(ReadOnlySpan<byte> body)
    {
        var end = LineBreaks.EndOfLine(body, 0, out _);
        var colon = body[..end].IndexOf((byte)':');
        return colon > 0 && body[..colon].IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
    }

    private List<MimePart> ParseMultipart(ReadOnlyMemory<byte> body, string? boundary, int depth)
    {
        var parts = new List<MimePart>();
        var delimiter = Boundary.Of(boundary);
        if (delimiter is null || !delimiter.TryFind(body.Span, 0, out var found))
        {
            delimiter = Boundary.Guess(body.Span);
            if (delimiter is null || !delimiter.TryFind(body.Span, 0, out found)) return parts;
        }

        while (!found.IsLast && _parts < _limits.MaxParts)
        {
            var start = found.Next;
            if (!delimiter.TryFind(body.Span, start, out found)) found = new BoundaryLine(body.Length, body.Length, IsLast: true);
            parts.Add(ParsePart(body[start..Math.Max(start, found.Start)], isMessage: false, depth));
        }

        return parts;
    }
}
