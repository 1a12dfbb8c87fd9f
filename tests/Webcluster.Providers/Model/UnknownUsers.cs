namespace Webcluster.Providers.Model;

/// <summary>Mailboxes that no provider has, by their names.</summary>
internal static class UnknownUsers
{
    public const string LocalPart = "unknown-user";

    /// <summary>A number may stand in front, as load generators put it there.</summary>
    public static bool IsOne(string recipient) =>
        recipient.AsSpan().TrimStart("0123456789").StartsWith(LocalPart, StringComparison.OrdinalIgnoreCase);
}
