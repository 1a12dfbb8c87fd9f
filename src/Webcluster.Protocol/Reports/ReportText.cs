using System.Text;
using Webcluster.Protocol.Mime;

namespace Webcluster.Protocol.Reports;

/// <summary>A report's text cut at the message that it returns.</summary>
/// <param name="Original">The header of that message.</param>
/// <param name="Returned">Its lines, as they stand there.</param>
internal sealed record ReportText(IReadOnlyList<string> Lines, MimeHeader? Original, IReadOnlyList<string> Returned)
{
    private const int LinesBeforeHeader = 4;

    public static ReportText Split(string text, ReportLimits limits)
    {
        var all = ReadLines(text, limits);
        var kept = new List<string>(Math.Min(all.Count, 200));
        MimeHeader? original = null;
        IReadOnlyList<string> returned = [];
        for (var index = 0; index < all.Count; index++)
        {
            var length = ReturnedHeader.Length(all, index, out var hasTrace);
            if (length > 0)
            {
                original ??= Header(all, index, length, limits.Mime);
                if (hasTrace || AfterMark(kept))
                {
                    DropMark(kept);
                    returned = all[index..];
                    break;
                }

                // A summary of the message's header, in the middle of the report.
                index += length - 1;
                continue;
            }

            if (ReturnedHeader.IsMark(all[index]))
            {
                original ??= HeaderBehind(all, index + 1, limits.Mime);
                returned = all[(index + 1)..];
                break;
            }

            kept.Add(all[index]);
        }

        return new ReportText(kept, original, returned);
    }

    private static List<string> ReadLines(string text, ReportLimits limits)
    {
        var lines = new List<string>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (lines.Count == limits.MaxLines) break;
            lines.Add((line.Length > limits.MaxLineLength ? line[..limits.MaxLineLength] : line).TrimEnd().ToString());
        }

        return lines;
    }

    private static bool AfterMark(List<string> kept)
    {
        for (var index = kept.Count - 1; index >= Math.Max(0, kept.Count - LinesBeforeHeader); index--)
            if (ReturnedHeader.MentionsOriginal(kept[index])) return true;
        return false;
    }

    // "Message headers follow" is not about the cause.
    private static void DropMark(List<string> kept)
    {
        while (kept.Count > 0 && (kept[^1].AsSpan().IndexOfAnyExcept("-=*_ ") < 0 || kept[^1].TrimStart().StartsWith("From ", StringComparison.Ordinal)
            || ReturnedHeader.MentionsOriginal(kept[^1])))
            kept.RemoveAt(kept.Count - 1);
    }

    private static MimeHeader? HeaderBehind(List<string> lines, int start, MimeLimits limits)
    {
        for (var index = start; index < Math.Min(lines.Count, start + LinesBeforeHeader); index++)
            if (ReturnedHeader.Length(lines, index, out _) is > 0 and var length) return Header(lines, index, length, limits);
        return null;
    }

    private static MimeHeader Header(List<string> lines, int start, int length, MimeLimits limits)
    {
        var text = new StringBuilder();
        for (var index = start; index < start + length; index++) text.Append(ReturnedHeader.Unquote(lines[index], lines[start])).Append('\n');
        return MimeHeader.ScanMessage(Encoding.UTF8.GetBytes(text.ToString()), limits);
    }
}
