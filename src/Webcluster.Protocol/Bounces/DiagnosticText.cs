using System.Globalization;
using System.Text;

namespace Webcluster.Protocol.Bounces;

/// <summary>Cuts what a report says of a recipient down to what says why.</summary>
internal static class DiagnosticText
{
    /// <summary>From the first reply on; where there is none, the lines that say something. White space is single.</summary>
    public static string Of(string text, int most)
    {
        var reply = ReplyFinder.Reply(text, out var start);
        if (reply is { } code && text.AsSpan(start + 3).IndexOfAnyExceptInRange('\0', '@') >= 0) return Joined(text[start..], code, most);
        var kept = new StringBuilder();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (kept.Length >= most) break;
            var trimmed = line.Trim();
            if (trimmed.IsEmpty || BouncePhrases.Empty.IsIn(trimmed) || trimmed.IndexOfAnyExcept("-=*_#~+ ") < 0) continue;
            kept.Append(trimmed).Append(' ');
        }

        return Single(kept.Length > 0 ? kept.ToString() : text, most);
    }

    // rfc5321#4.2.1: a reply of several lines repeats its code, and mostly its enhanced code.
    private static string Joined(string text, int code, int most)
    {
        var number = code.ToString(CultureInfo.InvariantCulture);
        var joined = new StringBuilder();
        foreach (var each in text.AsSpan().EnumerateLines())
        {
            if (joined.Length >= most) break;
            var line = each.Trim().TrimStart("<> \t");
            if (joined.Length > 0 && line.StartsWith(number, StringComparison.Ordinal) && line.Length > 4 && line[3] is '-' or ' ')
                line = WithoutStatus(line[4..]);
            joined.Append(line).Append(' ');
        }

        return Single(joined.ToString(), most);
    }

    private static ReadOnlySpan<char> WithoutStatus(ReadOnlySpan<char> line)
    {
        var text = line.TrimStart();
        var blank = text.IndexOf(' ');
        var first = blank < 0 ? text : text[..blank];
        return Smtp.EnhancedCode.TryParse(first, out _) ? text[first.Length..].TrimStart() : text;
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
