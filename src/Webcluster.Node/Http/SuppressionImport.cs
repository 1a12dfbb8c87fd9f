using System.IO.Pipelines;
using System.Text.Json;
using Webcluster.Node.Files;
using Webcluster.Node.Suppression;
using Webcluster.Queue.Suppression;

namespace Webcluster.Node.Http;

/// <summary>
/// Reads a file of entries as it comes and adds them, thousands at a time. Lines that are no entry are counted, and the first of them
/// named; the others are added all the same. Without its first line nobody knows which column of a CSV file is what.
/// </summary>
internal sealed class SuppressionImport(Suppressions list, RowDefaults defaults)
{
    public const int MostBadLines = 100;
    private const int LongestLine = 4096;
    private const string NoColumns = "neither names a column \"address\" (or \"email\") nor begins with an address";

    // Sorted and stored together, neighbours cost less; so many take some megabytes.
    private const int EntriesAtATime = 20_000;

    private readonly List<SuppressionEntry> _entries = new(EntriesAtATime);
    private readonly List<BadLine> _badLines = [];
    private readonly List<string> _fields = [];
    private SuppressionCounts _counts;
    private CsvColumns? _columns;

    public SuppressionImported Result => new(_counts.Added, _counts.Changed, _counts.Kept, _counts.Invalid, _badLines);

    /// <returns>Why none of it was taken; null where its lines were looked at.</returns>
    /// <exception cref="Queue.QueueUnavailableException">The store cannot be written; <see cref="Result"/> has what was added
    /// before.</exception>
    public async Task<string?> RunAsync(PipeReader text, bool isCsv, CancellationToken cancellation)
    {
        using var lines = new BoundedLines(text, LongestLine);
        while (await lines.NextAsync(cancellation) is { } line)
        {
            var problem = line.Problem ?? (isCsv ? ReadCsv(line.Text!) : ReadJson(line.Text!));
            if (problem is not null && isCsv && _columns is null) return $"line {line.Number}: {problem}";
            if (problem is not null) Refuse(line.Number, problem);
            if (_entries.Count == EntriesAtATime) await AddAsync(cancellation);
        }

        await AddAsync(cancellation);
        return null;
    }

    private async Task AddAsync(CancellationToken cancellation)
    {
        if (_entries.Count == 0) return;
        _counts += await list.AddAsync(_entries, cancellation);
        _entries.Clear();
    }

    private void Refuse(int line, string problem)
    {
        _counts.Invalid++;
        if (_badLines.Count < MostBadLines) _badLines.Add(new BadLine(line, problem));
    }

    private string? ReadCsv(string line)
    {
        if (!CsvLine.TrySplit(line, _fields)) return "a quote stands where none can be";
        if (_columns is null)
        {
            _columns = CsvColumns.OfHeader(_fields);
            if (_columns is not null) return null;
            if (!SuppressedAddress.TryParse(_fields[0], out _)) return NoColumns;
            _columns = CsvColumns.InOrder;
        }

        return Read(_columns.Row(_fields));
    }

    private string? ReadJson(string line)
    {
        try
        {
            return JsonRequests.Read<SuppressionRow>(line) is { } row ? Read(row) : "the line must be a JSON object";
        }
        catch (JsonException error)
        {
            return $"the line is not the JSON expected: {error.Message}";
        }
    }

    private string? Read(SuppressionRow row)
    {
        if (row.TryRead(defaults, out var entry) is { } problem) return problem;
        _entries.Add(entry);
        return null;
    }

    private record struct SuppressionCounts(long Added, long Changed, long Kept, long Invalid)
    {
        public static SuppressionCounts operator +(SuppressionCounts counts, SuppressionChanges changes) => new(
            counts.Added + changes.Added, counts.Changed + changes.Changed, counts.Kept + changes.Kept, counts.Invalid);
    }
}
