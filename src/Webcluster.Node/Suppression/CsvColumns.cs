namespace Webcluster.Node.Suppression;

/// <summary>Which column of a CSV file is what: as its first line names them, else in the order of an export.</summary>
internal sealed class CsvColumns
{
    private static readonly string[] Known = ["address", "tenant", "reason", "source", "added_at", "expires_at", "note"];
    private readonly int[] _places;

    private CsvColumns(int[] places) => _places = places;

    public static CsvColumns InOrder { get; } = new([.. Enumerable.Range(0, Known.Length)]);

    public static IReadOnlyList<string> Names => Known;

    /// <summary>The columns that a first line names; null where it is no such line. Columns of other names are passed over.</summary>
    public static CsvColumns? OfHeader(IReadOnlyList<string> fields)
    {
        List<string> names = [.. fields.Select(field => field.ToLowerInvariant() is "email" ? Known[0] : field.ToLowerInvariant())];
        return names.Contains(Known[0]) ? new CsvColumns([.. Known.Select(name => names.IndexOf(name))]) : null;
    }

    public SuppressionRow Row(IReadOnlyList<string> fields)
    {
        string? At(int column) => _places[column] is >= 0 and var place && place < fields.Count ? fields[place] : null;
        return new SuppressionRow
        {
            Address = At(0) ?? "", Tenant = At(1), Reason = At(2), Source = At(3), AddedAt = At(4), ExpiresAt = At(5), Note = At(6),
        };
    }

    public static IEnumerable<string?> Fields(SuppressionRow row) =>
        [row.Address, row.Tenant, row.Reason, row.Source, row.AddedAt, row.ExpiresAt, row.Note];
}
