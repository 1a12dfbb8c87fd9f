using System.Globalization;
using System.Text.Json.Serialization;
using Webcluster.Queue.Suppression;

namespace Webcluster.Node.Suppression;

/// <summary>An entry of the suppression list as people and files write it; what is left out, or empty, has a default.</summary>
internal sealed record SuppressionRow
{
    /// <summary>In the place of an expiry: none, whatever the reason.</summary>
    public const string Never = "never";

    /// <summary>Or a hash, where the list keeps hashes.</summary>
    [JsonRequired]
    public required string Address { get; init; }

    public string? Tenant { get; init; }

    public string? Reason { get; init; }

    public string? Source { get; init; }

    public string? AddedAt { get; init; }

    public string? ExpiresAt { get; init; }

    public string? Note { get; init; }

    public static SuppressionRow Of(SuppressionEntry entry) => new()
    {
        Address = entry.Key.Address.ToString(),
        Tenant = entry.Key.Tenant,
        Reason = SuppressionReasons.Label(entry.Reason),
        Source = entry.Source,
        AddedAt = Format(entry.AddedAt),
        ExpiresAt = entry.ExpiresAt is { } ends ? Format(ends) : Never,
        Note = entry.Note,
    };

    /// <returns>What is wrong with it; null where nothing is.</returns>
    public string? TryRead(RowDefaults defaults, out SuppressionEntry entry)
    {
        entry = defaults.Blank;
        if (!SuppressedAddress.TryParse(Address ?? "", out var address)) return "address is none";
        if (address.IsHash && !defaults.KnowsHashes) return "address is a hash, and there is no suppression.hash_key_file to match it";
        var reason = defaults.Reason;
        if (!string.IsNullOrEmpty(Reason) && !SuppressionReasons.TryParse(Reason, out reason)) return $"reason is not one of {Reasons}";
        if (!TryReadTime(AddedAt, out var added)) return "added_at is no time (RFC 3339)";
        DateTimeOffset? expires = null;
        if (ExpiresAt != Never && !TryReadTime(ExpiresAt, out expires)) return $"expires_at is no time (RFC 3339), nor \"{Never}\"";
        var addedAt = added ?? defaults.Now;
        entry = new SuppressionEntry(new SuppressionKey(OrElse(Tenant, defaults.Tenant), address), reason, WholeSeconds(addedAt))
        {
            ExpiresAt = ExpiresAt == Never ? null : expires ?? defaults.Expiry.EndOf(reason, addedAt),
            Source = Source ?? "",
            Note = Note ?? "",
        };
        return entry.Problems().Select(problem => $"{problem.Field} {problem.Problem}").FirstOrDefault();
    }

    private static string Reasons { get; } = string.Join(", ", Enum.GetValues<SuppressionReason>().Select(SuppressionReasons.Label));

    private static string OrElse(string? given, string otherwise) => string.IsNullOrEmpty(given) ? otherwise : given;

    private static string Format(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static bool TryReadTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text)) return true;
        const DateTimeStyles Universal = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Universal, out var read)) return false;
        time = read;
        return true;
    }
}

/// <summary>What holds for rows that do not say otherwise.</summary>
/// <param name="Tenant">"": global.</param>
internal sealed record RowDefaults(DateTimeOffset Now, string Tenant, SuppressionReason Reason, SuppressionExpiry Expiry, bool KnowsHashes)
{
    public SuppressionEntry Blank { get; } = new(default, Reason, Now);
}
