namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>A policy as it was fetched.</summary>
/// <param name="Id">As the domain announced it then.</param>
internal sealed record CachedSts(string Domain, string Id, StsPolicy Policy, DateTimeOffset FetchedAt)
{
    // Enough to notice a domain that changed its policy without a new id, little enough to be no burden.
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    public DateTimeOffset EndsAt => FetchedAt + Policy.MaxAge;

    /// <summary>From then on it is fetched again, so that it does not end while its domain cannot be reached.</summary>
    public DateTimeOffset RefreshAt => FetchedAt + (Policy.MaxAge / 2 < Fresh ? Policy.MaxAge / 2 : Fresh);
}
