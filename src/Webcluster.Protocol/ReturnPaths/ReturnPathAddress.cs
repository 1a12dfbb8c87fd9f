namespace Webcluster.Protocol.ReturnPaths;

/// <summary>A return path that names its message: "b+" token "@" bounce domain.</summary>
public static class ReturnPathAddress
{
    public const string Prefix = "b+";

    public static string Write(string token, string domain) => $"{Prefix}{token}@{domain}";

    /// <summary>The token in such an address, lower case; null where it is none. Nothing is verified.</summary>
    public static string? TokenOf(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 0 || !address.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var token = address[Prefix.Length..at].ToLowerInvariant();
        return ReturnPathToken.LooksLikeOne(token) ? token : null;
    }
}
