namespace Webcluster.Protocol.Mime;

/// <summary>Lines of mail as it comes: CRLF or LF ends a line; CR alone does where the mail knows nothing else.</summary>
internal static class LineBreaks
{
    /// <summary>Where the line at <paramref name="start"/> ends (without its line break) and where the next one begins.</summary>
    public static int EndOfLine(ReadOnlySpan<byte> text, int start, out int next)
    {
        var found = text[start..].IndexOf((byte)'\n');
        next = found < 0 ? text.Length : start + found + 1;
        var end = found < 0 ? text.Length : start + found;
        return end > start && text[end - 1] == '\r' ? end - 1 : end;
    }

    /// <summary>The mail itself, or a copy with LF for each CR where it has no LF at all.</summary>
    public static ReadOnlyMemory<byte> WithLineFeeds(ReadOnlyMemory<byte> mail)
    {
        if (mail.Span.Contains((byte)'\n') || !mail.Span.Contains((byte)'\r')) return mail;
        var copy = mail.ToArray();
        copy.AsSpan().Replace((byte)'\r', (byte)'\n');
        return copy;
    }
}
