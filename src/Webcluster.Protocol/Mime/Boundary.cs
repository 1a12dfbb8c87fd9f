using System.Text;

namespace Webcluster.Protocol.Mime;

/// <summary>The lines between the parts of a multipart (RFC 2046 §5.1.1), also indented, as some relays leave them.</summary>
internal sealed class Boundary
{
    private const int MaxLength = 200;

    private readonly byte[] _delimiter;

    private Boundary(ReadOnlySpan<byte> delimiter) => _delimiter = delimiter.ToArray();

    public static Boundary? Of(string? name) =>
        name is { Length: > 0 and <= MaxLength } && name.TrimEnd() is { Length: > 0 } trimmed
            ? new Boundary(Encoding.Latin1.GetBytes("--" + trimmed))
            : null;

    /// <summary>The first line that begins with "--" and is followed by a Content field.</summary>
    public static Boundary? Guess(ReadOnlySpan<byte> body)
    {
        for (var at = 0; at < body.Length;)
        {
            var end = LineBreaks.EndOfLine(body, at, out var next);
            var line = body[at..end].TrimEnd(" \t"u8);
            if (line.Length is > 4 and <= MaxLength && line.StartsWith("--"u8) && StartsWithContentField(body[next..]))
                return new Boundary(line);
            at = next;
        }

        return null;
    }

    public bool TryFind(ReadOnlySpan<byte> body, int from, out BoundaryLine found)
    {
        found = default;
        var at = from;
        while (at < body.Length)
        {
            var match = body[at..].IndexOf(_delimiter);
            if (match < 0) return false;
            match += at;
            var lineStart = match;
            while (lineStart > from && (body[lineStart - 1] is (byte)' ' or (byte)'\t')) lineStart--;
            var end = LineBreaks.EndOfLine(body, match, out var next);
            if (lineStart == 0 || body[lineStart - 1] == '\n' || lineStart == from)
            {
                var rest = body[(match + _delimiter.Length)..end].TrimEnd(" \t"u8);
                if (rest.IsEmpty || rest.SequenceEqual("--"u8))
                {
                    found = new BoundaryLine(BeforeLineBreak(body, lineStart, from), next, !rest.IsEmpty);
                    return true;
                }
            }

            at = next;
        }

        return false;
    }

    // rfc2046#5.1.1: the line break in front of a boundary belongs to it.
    private static int BeforeLineBreak(ReadOnlySpan<byte> body, int lineStart, int from)
    {
        if (lineStart > from && body[lineStart - 1] == '\n') lineStart--;
        if (lineStart > from && body[lineStart - 1] == '\r') lineStart--;
        return lineStart;
    }

    private static bool StartsWithContentField(ReadOnlySpan<byte> text) =>
        text.Length > 8 && Ascii.EqualsIgnoreCase(text[..8], "Content-"u8);
}

/// <param name="Start">Where the part in front ends.</param>
/// <param name="Next">Where the next part begins.</param>
/// <param name="IsLast">The closing line.</param>
internal readonly record struct BoundaryLine(int Start, int Next, bool IsLast);
