namespace Webcluster.Protocol.Mime;

/// <summary>One part of a mail, or the mail itself: header, and either parts inside or a body. A message inside is the one part of its
/// message/rfc822 part.</summary>
public sealed class MimePart
{
    private readonly MimeLimits _limits;

    internal MimePart(MimeHeader header, ContentType type, ReadOnlyMemory<byte> body, MimeLimits limits)
    {
        Header = header;
        Type = type;
        Body = body;
        _limits = limits;
    }

    public MimeHeader Header { get; }
    public ContentType Type { get; }

    /// <summary>As it stands in the mail, encoded.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public IReadOnlyList<MimePart> Parts { get; internal set; } = [];

    /// <summary>The decoded body as text, up to <see cref="MimeLimits.MaxTextOctets"/>; HTML without its marks.</summary>
    public string ReadText()
    {
        var text = Charset.Decode(ReadOctets().Span, Type.Charset);
        return Type.Is("text", "html") ? HtmlText.Strip(text) : text;
    }

    /// <summary>The decoded body, up to <see cref="MimeLimits.MaxTextOctets"/>.</summary>
    public ReadOnlyMemory<byte> ReadOctets() =>
        TransferEncoding.Decode(Body, Header.Value("Content-Transfer-Encoding"), _limits.MaxTextOctets);
}
