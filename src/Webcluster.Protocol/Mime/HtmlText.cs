using System.Globalization;
using System.Text;

namespace Webcluster.Protocol.Mime;

/// <summary>The words of an HTML text: marks out, blocks on lines of their own, character references decoded. Linear; nothing is rendered.</summary>
internal static class HtmlText
{
    private const int MaxReference = 10;

    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "br", "p", "div", "tr", "table", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "title", "hr", "td", "th",
    };

    public static string Strip(string html)
    {
        var output = new StringBuilder(html.Length / 2);
        for (var at = 0; at < html.Length;)
        {
            if (html[at] == '<') at = SkipMark(html, at, output);
            else if (html[at] == '&') at = Reference(html, at, output);
            else output.Append(html[at++]);
        }

        return output.ToString();
    }

    private static int SkipMark(string html, int start, StringBuilder output)
    {
        if (string.CompareOrdinal(html, start, "<!--", 0, 4) == 0) return After(html, "-->", start + 4);
        var nameStart = start + 1 < html.Length && html[start + 1] == '/' ? start + 2 : start + 1;
        var nameEnd = nameStart;
        while (nameEnd < html.Length && char.IsAsciiLetterOrDigit(html[nameEnd])) nameEnd++;
        var name = html[nameStart..nameEnd];
        if (name.Length == 0 && (nameEnd >= html.Length || html[nameEnd] is not ('!' or '?')))
        {
            output.Append('<');
            return start + 1;
        }

        // <user@example.com> in sloppy HTML is text.
        if (nameEnd < html.Length && (html[nameEnd] is '@' or '.' or '_' or '+'))
        {
            output.Append('<');
            return start + 1;
        }

        if (Blocks.Contains(name)) output.Append('\n');
        var end = After(html, ">", nameEnd);
        if (nameStart == start + 1 && (name.Equals("style", StringComparison.OrdinalIgnoreCase)
            || name.Equals("script", StringComparison.OrdinalIgnoreCase)))
            return After(html, ">", After(html, "</" + name, end));
        return end;
    }

    private static int After(string html, string mark, int from)
    {
        var found = from < html.Length ? html.IndexOf(mark, from, StringComparison.OrdinalIgnoreCase) : -1;
        return found < 0 ? html.Length : found + mark.Length;
    }

    private static int Reference(string html, int start, StringBuilder output)
    {
        var end = html.IndexOf(';', start, Math.Min(MaxReference, html.Length - start));
        if (end < 0)
        {
            output.Append('&');
            return start + 1;
        }

        output.Append(Resolve(html[(start + 1)..end]));
        return end + 1;
    }

    private static string Resolve(string name)
    {
        switch (name)
        {
            case "lt": return "<";
            case "gt": return ">";
            case "amp": return "&";
            case "quot": return "\"";
            case "apos": return "'";
            case "nbsp": return " ";
        }

        var hex = name.StartsWith("#x", StringComparison.OrdinalIgnoreCase);
        var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return name.StartsWith('#') && int.TryParse(name.AsSpan(hex ? 2 : 1), style, CultureInfo.InvariantCulture, out var code)
            && Rune.TryCreate(code, out var rune)
                ? rune.ToString()
                : $"&{name};";
    }
}
