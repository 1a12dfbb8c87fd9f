namespace Webcluster.Queue.Suppression;

/// <summary>An address that gets no mail, of one tenant or of all. Times count in whole seconds.</summary>
public sealed record SuppressionEntry(SuppressionKey Key, SuppressionReason Reason, DateTimeOffset AddedAt)
{
    public const int MostSource = 64;
    public const int MostNote = 200;

    /// <summary>Times that can be stored: from 1970 until this.</summary>
    public static readonly DateTimeOffset Latest = DateTimeOffset.FromUnixTimeSeconds(uint.MaxValue);

    /// <summary>From then on it counts as absent; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The id of the event that it comes from; "": none.</summary>
    public string Source { get; init; } = "";

    /// <summary>A few words for people.</summary>
    public string Note { get; init; } = "";

    /// <summary>What makes it no entry, each with the name of what it is about; empty: it can be added.</summary>
    public IEnumerable<(string Field, string Problem)> Problems()
    {
        if (Key.Address == default) yield return ("address", "is missing");
        if (Key.Tenant.Length > 128 || Key.Tenant.AsSpan().ContainsAnyExceptInRange('!', '~') || Key.Tenant.Contains(':'))
            yield return ("tenant", "is no name of a tenant");
        if (!Enum.IsDefined(Reason)) yield return ("reason", "is not known");
        if (!IsTime(AddedAt)) yield return ("added_at", "is no time from 1970 to 2106");
        if (ExpiresAt is { } ends && !IsTime(ends)) yield return ("expires_at", "is no time from 1970 to 2106");
        if (Source.Length > MostSource || Source.AsSpan().ContainsAnyExceptInRange('!', '~'))
            yield return ("source", $"must be at most {MostSource} letters, digits and signs");
        if (Note.Length > MostNote || Note.Any(char.IsControl)) yield return ("note", $"must be one line of at most {MostNote} characters");
    }

    private static bool IsTime(DateTimeOffset time) => time > DateTimeOffset.UnixEpoch && time <= Latest;
}
