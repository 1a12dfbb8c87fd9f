using System.Text;

namespace Webcluster.Node.Bounces;

/// <summary>The mails of a file: one, or, where it is an mbox, those that its "From " lines divide.</summary>
internal static class MailFile
{
    private const int MaxMails = 100;

    /// <param name="path">Of a file or a pipe.</param>
    /// <param name="octets">Takes what is read, no more than it holds; the mails are in it.</param>
    public static List<ReadOnlyMemory<byte>> Read(string path, Memory<byte> octets)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        return Split(octets[..file.ReadAtLeast(octets.Span, octets.Length, throwOnEndOfStream: false)]);
    }

    private static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> octets)
    {
        var mails = new List<ReadOnlyMemory<byte>>();
        var start = 0;
        if (octets.Span.StartsWith("From "u8))
            for (var next = NextMail(octets.Span, 1); next >= 0 && mails.Count < MaxMails - 1; next = NextMail(octets.Span, start + 1))
            {
                mails.Add(octets[start..next]);
                start = next;
            }

        mails.Add(octets[start..]);
        return mails;
    }

    // rfc4155#A: an empty line, "From ", an address, and a date that ends with the year; a header field follows.
    private static int NextMail(ReadOnlySpan<byte> text, int from)
    {
        for (var at = from; at < text.Length;)
        {
            var found = text[at..].IndexOf("\nFrom "u8);
            if (found < 0) return -1;
            var start = at + found + 1;
            var end = text[start..].IndexOf((byte)'\n') is >= 0 and var length ? start + length : text.Length;
            var line = Encoding.Latin1.GetString(text[start..Math.Min(end, start + 200)]).TrimEnd();
            if (IsBlankBefore(text, start - 1) && line.Length > 4 && int.TryParse(line.AsSpan(line.Length - 4), out var year)
                && year is > 1970 and < 2200)
                return start;
            at = end;
        }

        return -1;
    }

    private static bool IsBlankBefore(ReadOnlySpan<byte> text, int lineBreak) =>
        lineBreak > 0 && text[lineBreak - 1] is (byte)'\n' or (byte)'\r';
}
