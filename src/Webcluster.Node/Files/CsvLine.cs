using System.Buffers;
using System.Text;

namespace Webcluster.Node.Files;

/// <summary>One record of a CSV file (RFC 4180) that has no line breaks within fields.</summary>
internal static class CsvLine
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <returns>False where a quote is not where one can be.</returns>
    public static bool TrySplit(string line, List<string> fields)
    {
        fields.Clear();
        for (var at = 0; ; at++)
        {
            if (at < line.Length && line[at] == '"')
            {
                if (!TryUnquote(line, ref at, out var field)) return false;
                fields.Add(field);
            }
            else
            {
                var end = line.IndexOf(',', at);
                if (end < 0) end = line.Length;
                var field = line[at..end];
                // An address may begin with a quote only if the whole field is quoted; behind the first character one is taken as it is.
                fields.Add(field.Trim(' '));
                at = end;
            }

            if (at >= line.Length) return true;
            if (line[at] != ',') return false;
        }
    }

    public static void Append(StringBuilder text, IEnumerable<string?> fields)
    {
        var isFirst = true;
        foreach (var field in fields)
        {
            if (!isFirst) text.Append(',');
            isFirst = false;
            if (field.AsSpan().ContainsAny(Special)) text.Append('"').Append(field!.Replace("\"", "\"\"")).Append('"');
            else text.Append(field);
        }

        text.Append("\r\n");
    }

    /// <param name="at">At the opening quote; then behind the closing one.</param>
    private static bool TryUnquote(string line, ref int at, out string field)
    {
        var text = new StringBuilder();
        field = "";
        for (var from = at + 1; ;)
        {
            var quote = line.IndexOf('"', from);
            if (quote < 0) return false;
            text.Append(line, from, quote - from);
            at = quote + 1;
            if (at >= line.Length || line[at] != '"') break;
            text.Append('"');
            from = at + 1;
        }

        field = text.ToString();
        return true;
    }
}
