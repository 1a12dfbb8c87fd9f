namespace Webcluster.Queue.Suppression;

/// <summary>May have fewer entries than were asked for, even none, while there is more.</summary>
/// <param name="Next">The cursor of the next page; null: this is the last.</param>
public sealed record SuppressionPage(IReadOnlyList<SuppressionEntry> Entries, string? Next);
