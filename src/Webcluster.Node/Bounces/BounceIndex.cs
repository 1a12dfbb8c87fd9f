namespace Webcluster.Node.Bounces;

/// <summary>One row of an index of mails: what the reports of a mail are known to say. Empty: not known.</summary>
internal sealed record ExpectedReport(string File, string Recipient, string Status, string Category, IReadOnlyList<string> Acceptable)
{
    /// <summary>Null: not known.</summary>
    public bool? IsBounce { get; init; }

    public bool IsComplaint { get; init; }

    /// <summary>From 1; 0: not known.</summary>
    public int Ordinal { get; init; }
}

/// <summary>An index of mails: tab-separated, with a header line; columns file, report_index, is_bounce, expected_recipient,
/// expected_status, feedback_type, unified_category, and perhaps acceptable. Others are passed over.</summary>
internal static class BounceIndex
{
    private static readonly char[] Separators = [',', '|', ';', ' '];

    public static List<ExpectedReport> Read(TextReader reader)
    {
        var header = (reader.ReadLine() ?? "").Split('\t');
        var rows = new List<ExpectedReport>();
        while (reader.ReadLine() is { } line)
            if (line.Length > 0) rows.Add(Row(header, line.Split('\t')));
        return rows;
    }

    private static ExpectedReport Row(string[] header, string[] cells)
    {
        string Cell(string name) => Array.IndexOf(header, name) is >= 0 and var index && index < cells.Length ? cells[index].Trim() : "";

        var category = Cell("unified_category");
        var acceptable = Cell("acceptable").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new ExpectedReport(Cell("file"), Cell("expected_recipient"), Cell("expected_status"), category,
            acceptable.Length > 0 ? [.. acceptable, category] : [category])
        {
            IsBounce = Cell("is_bounce") switch { "1" or "true" => true, "0" or "false" => false, _ => null },
            IsComplaint = Cell("feedback_type").Length > 0,
            Ordinal = int.TryParse(Cell("report_index"), out var ordinal) ? ordinal : 0,
        };
    }
}
