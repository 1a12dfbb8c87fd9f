using System.Buffers;
using System.Text;

namespace Webcluster.Protocol.Smtp;

public enum ParseStatus { Complete, Incomplete, Rejected }

/// <summary>Why a server's reply was refused; the connection is of no further use then.</summary>
public enum ReplyProblem { None, LineTooLong, TooManyLines, BadCode, CodesDiffer, BareCrOrLf, ControlCharacter }

/// <summary>Parses the replies of a server (RFC 5321 §4.2), three-valued: an incomplete reply consumes nothing.</summary>
public static class ReplyParser
{
    /// <summary>rfc5321#4.5.3.1.5 gives 512 octets; real servers send more, so 2,048 are taken.</summary>
    public const int MaxLine = 2048;
    public const int MaxLines = 100;

    private const int CodeLength = 3;

    /// <summary>Reads one whole (possibly multi-line) reply from the start of <paramref name="buffer"/>.</summary>
    /// <param name="consumed">Octets of the reply; 0 unless Complete.</param>
    public static ParseStatus TryParse(in ReadOnlySequence<byte> buffer, out SmtpReply? reply, out long consumed, out ReplyProblem problem)
    {
        reply = null;
        consumed = 0;
        var bounded = buffer.Length > MaxLine * MaxLines ? buffer.Slice(0, MaxLine * MaxLines) : buffer;
        var bytes = bounded.IsSingleSegment ? bounded.FirstSpan : bounded.ToArray();
        var status = Measure(bytes, out var lines, out var length, out problem);
        if (status != ParseStatus.Complete) return status;
        reply = Build(bytes[..length], lines);
        consumed = length;
        return status;
    }

    private static ParseStatus Measure(ReadOnlySpan<byte> bytes, out int lines, out int length, out ReplyProblem problem)
    {
        length = 0;
        for (lines = 1; lines <= MaxLines; lines++)
        {
            var rest = bytes[length..];
            var end = rest[..Math.Min(rest.Length, MaxLine)].IndexOf((byte)'\n');
            if (end < 0)
            {
                problem = rest.Length >= MaxLine ? ReplyProblem.LineTooLong : ReplyProblem.None;
                return problem == ReplyProblem.None ? ParseStatus.Incomplete : ParseStatus.Rejected;
            }

            problem = CheckLine(rest[..end], bytes);
            if (problem != ReplyProblem.None) return ParseStatus.Rejected;
            length += end + 1;
            if (rest[CodeLength] != '-') return ParseStatus.Complete;
        }

        problem = ReplyProblem.TooManyLines;
        return ParseStatus.Rejected;
    }

    // rfc5321#4.2.1: the code stands on each line; behind it "-" (more follow), a space and text, or nothing.
    private static ReplyProblem CheckLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> first)
    {
        if (line is not [.. var text, (byte)'\r'] || text.Contains((byte)'\r')) return ReplyProblem.BareCrOrLf;
        if (text.Contains((byte)0)) return ReplyProblem.ControlCharacter;
        if (text.Length < CodeLength || text[0] is < (byte)'2' or > (byte)'5') return ReplyProblem.BadCode;
        if (text[..CodeLength].ContainsAnyExceptInRange((byte)'0', (byte)'9')) return ReplyProblem.BadCode;
        if (text.Length > CodeLength && text[CodeLength] is not ((byte)' ' or (byte)'-')) return ReplyProblem.BadCode;
        return text.StartsWith(first[..CodeLength]) ? ReplyProblem.None : ReplyProblem.CodesDiffer;
    }

    private static SmtpReply Build(ReadOnlySpan<byte> bytes, int count)
    {
        var code = (bytes[0] - '0') * 100 + (bytes[1] - '0') * 10 + (bytes[2] - '0');
        var enhanced = default(EnhancedCode);
        var lines = new string[count];
        for (var index = 0; index < count; index++)
        {
            var end = bytes.IndexOf("\r\n"u8);
            var text = bytes[Math.Min(end, CodeLength + 1)..end];
            // rfc2034#4: a code of another class than the reply's is not to be believed; it stays text.
            if (TryReadEnhancedCode(text, out var found, out var length) && found.Class == code / 100)
            {
                text = text[length..].TrimStart(" \t"u8);
                if (enhanced.IsNone) enhanced = found;
            }

            lines[index] = DisplayText.Escape(text);
            bytes = bytes[(end + 2)..];
        }

        return new SmtpReply(code, enhanced, lines);
    }

    // rfc5321#4.2: a tab in the text is white space too.
    private static bool TryReadEnhancedCode(ReadOnlySpan<byte> text, out EnhancedCode code, out int length)
    {
        Span<char> start = stackalloc char[Math.Min(text.Length, EnhancedCode.MaxLength + 1)];
        Encoding.Latin1.GetChars(text[..start.Length], start);
        start.Replace('\t', ' ');
        return EnhancedCode.TryParsePrefix(start, out code, out length);
    }
}
