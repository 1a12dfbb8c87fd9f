namespace Webcluster.Queue.Suppression;

/// <summary>Asks for a page of the list.</summary>
/// <param name="Cursor">Where the page before ended; null: from the beginning.</param>
/// <param name="Most">Entries on the page, at most <see cref="MostOnPage"/>.</param>
/// <param name="Tenant">Only this tenant's; <see cref="SuppressionKey.Everybody"/>: only the global ones; null: all.</param>
public sealed record SuppressionQuery(string? Cursor, int Most, string? Tenant = null, SuppressionReason? Reason = null)
{
    public const int MostOnPage = 1000;

    public int Most { get; } = Math.Clamp(Most, 1, MostOnPage);

    internal bool Wants(SuppressionEntry entry) =>
        (Tenant is null || entry.Key.Tenant == Tenant) && (Reason is null || entry.Reason == Reason);
}
