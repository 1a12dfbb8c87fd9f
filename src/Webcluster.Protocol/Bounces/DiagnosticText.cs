using System.Globalization;
using System.Text;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Bounces;

/// <summary>Cuts what a report says of a recipient down to what says why.</summary>
internal static class DiagnosticText
{
    private const int LettersNeeded = 8;

    private static readonly string[] Fields =
    [
        "reporting-mta:", "received-from-mta:", "arrival-date:", "final-recipient:", "original-recipient:", "x-actual-recipient:",
        "action:", "status:", "remote-mta:", "last-attempt-date:", "will-retry-until:", "x-postfix-", "--",
    ];

    /// <summary>From the first reply on, to the end of its paragraph; else from the enhanced code on; else the lines that say
    /// something. White space is single.</summary>
    public static string Of(string text, int most)
    {
        if (ReplyFinder.Reply(text, out var start) is { } reply && Reply(text[start..], reply, most) is var said && Says(said)) return said;
        var kept = new StringBuilder();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (kept.Length >= most) break;
            var trimmed = line.Trim();
            if (!IsEmpty(trimmed)) kept.Append(trimmed).Append(' ');
        }

        return Single(FromStatus(kept.ToString()), most);
    }

    // rfc5321#4.2.1: a reply of several lines repeats its code, and mostly its enhanced code. It ends where another reply or an empty
    // line stands.
    private static string Reply(string text, int code, int most)
    {
        var number = code.ToString(CultureInfo.InvariantCulture);
        var joined = new StringBuilder();
        foreach (var each in text.AsSpan().EnumerateLines())
        {
            var line = each.Trim().TrimStart("<> \t");
            if (joined.Length >= most || (joined.Length > 0 && Ends(line, number) && Says(joined.ToString()))) break;
            if (joined.Length > 0 && IsReply(line)) line = WithoutStatus(line[4..]);
            joined.Append(line).Append(' ');
        }

        return WithoutRepeats(Single(joined.ToString(), most), number);
    }

    private static bool Ends(ReadOnlySpan<char> line, string number) =>
        line.IsEmpty || (IsReply(line) && !line.StartsWith(number, StringComparison.Ordinal)) || line.IndexOfAnyExcept("-=*_") < 0
            || line.StartsWith("---") || line.StartsWith("***") || line.StartsWith("===");

    private static bool IsReply(ReadOnlySpan<char> line) =>
        line.Length > 4 && line[0] is '4' or '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2]) && line[3] is '-' or ' ';

    // Where line breaks were lost, the codes of a reply's lines stand in the middle of it.
    private static string WithoutRepeats(string text, string number)
    {
        if (text.Length > 4 && text[3] == '-') text = $"{number} {text[4..]}";
        text = text.Replace($" {number}-", $" {number} ", StringComparison.Ordinal);
        var status = ReplyFinder.Status(text);
        var codes = status.IsNone ? $"{number} " : $"{number} {status} ";
        return text.StartsWith(codes, StringComparison.Ordinal)
            ? codes + text[codes.Length..].Replace(" " + codes, " ", StringComparison.Ordinal)
            : text;
    }

    private static ReadOnlySpan<char> WithoutStatus(ReadOnlySpan<char> line)
    {
        var text = line.TrimStart();
        var blank = text.IndexOf(' ');
        var first = blank < 0 ? text : text[..blank];
        return EnhancedCode.TryParse(first, out _) ? text[first.Length..].TrimStart() : text;
    }

    // "... after RCPT command: host mx.example.com 5.2.1 <user@example.com>... unknown".
    private static string FromStatus(string text)
    {
        if (ReplyFinder.Status(text) is not { IsNone: false } status) return text;
        var start = text.IndexOf(status.ToString(), StringComparison.Ordinal);
        if (start <= 0 || text[start - 1] != ' ') return text;
        return text.AsSpan(start).Count(' ') > 1 && Letters(text.AsSpan(start)) >= LettersNeeded ? text[start..] : text;
    }

    private static bool IsEmpty(ReadOnlySpan<char> line) =>
        line.IndexOfAnyExcept("-=*_#~+ ") < 0 || (BouncePhrases.Empty.IsIn(line) && !SaysWhy(line)) || IsField(line) || IsAddress(line);

    // "Unable to deliver message to the following recipients, due to being unable to connect".
    private static bool SaysWhy(ReadOnlySpan<char> line) => line.Contains(" due to ", StringComparison.OrdinalIgnoreCase);

    private static bool IsField(ReadOnlySpan<char> line)
    {
        foreach (var field in Fields)
            if (line.StartsWith(field, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool IsAddress(ReadOnlySpan<char> line) => line.Contains('@') && !line.Contains(' ');

    private static bool Says(string text) => Letters(text) >= LettersNeeded;

    private static int Letters(ReadOnlySpan<char> text)
    {
        var letters = 0;
        foreach (var c in text)
            if (char.IsLetter(c)) letters++;
        return letters;
    }

    private static string Single(string text, int most)
    {
        var output = new StringBuilder(Math.Min(most, text.Length));
        foreach (var c in text)
        {
            if (output.Length >= most) break;
            if (!char.IsWhiteSpace(c) && !char.IsControl(c)) output.Append(c);
            else if (output.Length > 0 && output[^1] != ' ') output.Append(' ');
        }

        return output.ToString().TrimEnd();
    }
}
