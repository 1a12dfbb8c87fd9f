using Webcluster.Queue.Suppression;

namespace Webcluster.Node.Http;

/// <summary>An entry of the suppression list as the API shows it.</summary>
internal sealed record SuppressionView
{
    /// <summary>Or its hash, "hmac:" and 32 hex digits, where the list keeps hashes.</summary>
    public required string Address { get; init; }

    /// <summary>Null: global.</summary>
    public required string? Tenant { get; init; }

    public required SuppressionReason Reason { get; init; }

    /// <summary>The event that it comes from; null: none.</summary>
    public required string? Source { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>Null: never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    public required string? Note { get; init; }

    public static SuppressionView Of(SuppressionEntry entry) => new()
    {
        Address = entry.Key.Address.ToString(),
        Tenant = Text(entry.Key.Tenant),
        Reason = entry.Reason,
        Source = Text(entry.Source),
        AddedAt = entry.AddedAt,
        ExpiresAt = entry.ExpiresAt,
        Note = Text(entry.Note),
    };

    private static string? Text(string text) => text.Length == 0 ? null : text;
}

/// <param name="Next">The cursor of the next page; null: this is the last.</param>
internal sealed record SuppressionList(IReadOnlyList<SuppressionView> Suppressions, string? Next);

/// <param name="Kept">Nothing changed: the same was there, or something that lasts longer.</param>
/// <param name="BadLines">The first of those that are no entry.</param>
internal sealed record SuppressionImported(long Added, long Changed, long Kept, long Invalid, IReadOnlyList<BadLine> BadLines);

internal sealed record BadLine(int Line, string Problem);
