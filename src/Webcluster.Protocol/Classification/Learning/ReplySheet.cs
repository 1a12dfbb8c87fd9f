using System.Collections.Immutable;
using System.Globalization;

namespace Webcluster.Protocol.Classification.Learning;

/// <summary>Labelled replies as a table: tabs between the columns, a first line with their names, in any order. `reply` must be there, and
/// `unified_category` or `acceptable`, unless only the replies are wanted; `weight` and `provider` may be. Pure.</summary>
public sealed class ReplySheet
{
    private static readonly string[] ReplyNames = ["reply", "diagnostic_text"];
    private static readonly string[] ClassNames = ["unified_category", "category", "class"];

    private readonly int _reply;
    private readonly int _class;
    private readonly int _acceptable;
    private readonly int _weight;
    private readonly int _provider;
    private readonly List<SheetRow> _rows = [];

    private ReplySheet(string[] header)
    {
        _reply = PlaceOf(header, ReplyNames);
        _class = PlaceOf(header, ClassNames);
        _acceptable = PlaceOf(header, "acceptable");
        _weight = PlaceOf(header, "weight");
        _provider = PlaceOf(header, "provider");
    }

    public IReadOnlyList<SheetRow> Rows => _rows;

    /// <summary>Rows that were left out: without a reply, or with a class that is none of ours.</summary>
    public int Skipped { get; private set; }

    /// <summary>The rows; null with a problem where the text is no such table.</summary>
    /// <param name="labelled">Rows without a class are left out.</param>
    public static ReplySheet? Read(string text, bool labelled, out string problem)
    {
        ReplySheet? sheet = null;
        foreach (var line in text.EnumerateLines())
        {
            if (line.IsWhiteSpace()) continue;
            var fields = line.ToString().Split('\t');
            if (sheet is not null) sheet.Add(fields, labelled);
            else sheet = new ReplySheet(fields);
        }
        problem = sheet switch
        {
            null => "the file is empty",
            { _reply: < 0 } => "the first line names no column 'reply'",
            { _class: < 0, _acceptable: < 0 } when labelled => "the first line names no column 'unified_category'",
            { _rows.Count: 0 } => "there is no usable line",
            _ => "",
        };
        return problem.Length == 0 ? sheet : null;
    }

    private void Add(string[] fields, bool labelled)
    {
        var reply = Unquoted(Field(fields, _reply));
        var acceptable = Classes(Field(fields, _acceptable));
        var label = Classes(Field(fields, _class));
        if (label.IsEmpty) label = acceptable.Take(1).ToImmutableArray();
        if (reply.Length == 0 || (labelled && label.IsEmpty))
        {
            Skipped++;
            return;
        }
        var weight = double.TryParse(Field(fields, _weight), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number : (double?)null;
        var provider = Field(fields, _provider) is { Length: > 0 } name ? name : null;
        _rows.Add(new SheetRow(reply, label.IsEmpty ? null : label[0], [.. acceptable.Union(label)], weight, provider));
    }

    private static int PlaceOf(string[] header, params string[] names) =>
        Array.FindIndex(header, field => names.Contains(field.Trim().TrimStart('\uFEFF'), StringComparer.OrdinalIgnoreCase));

    private static string Field(string[] fields, int place) => place >= 0 && place < fields.Length ? fields[place].Trim() : "";

    private static ImmutableArray<BounceClass> Classes(string field)
    {
        var classes = ImmutableArray.CreateBuilder<BounceClass>();
        foreach (var name in field.Split('|', StringSplitOptions.TrimEntries))
            if (BounceClasses.TryParse(name, out var found)) classes.Add(found);
        return classes.ToImmutable();
    }

    /// <summary>Spreadsheets put quotes around a field with quotes in it, and double those.</summary>
    private static string Unquoted(string field) =>
        field is ['"', .., '"'] ? field[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : field;
}

/// <param name="Class">The label; null where there is none.</param>
/// <param name="Acceptable">Any of these is right; the label is one of them.</param>
/// <param name="Weight">How often it was seen, where known.</param>
public sealed record SheetRow(string Reply, BounceClass? Class, ImmutableArray<BounceClass> Acceptable, double? Weight, string? Provider);
