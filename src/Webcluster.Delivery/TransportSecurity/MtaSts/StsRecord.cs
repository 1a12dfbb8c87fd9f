namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>Reads the TXT record that says a domain has a policy, and which (RFC 8461 §3.1): "v=STSv1; id=20260131;".</summary>
internal static class StsRecord
{
    private const string Version = "v=STSv1";
    private const int LongestId = 32;

    /// <returns>The id of the policy; null where none is announced, or not exactly one.</returns>
    public static string? IdOf(IReadOnlyList<string> texts)
    {
        // rfc8461#3.1: what does not begin with the version is something else; of two nobody knows which counts.
        var records = texts.Where(IsRecord).Take(2).ToList();
        if (records.Count != 1) return null;
        foreach (var range in records[0].AsSpan().Split(';'))
        {
            var field = records[0].AsSpan(range).Trim(" \t");
            if (!field.StartsWith("id=")) continue;
            var id = field[3..];
            return id.Length is > 0 and <= LongestId && IsAlphanumeric(id) ? id.ToString() : null;
        }

        return null;
    }

    private static bool IsRecord(string text) =>
        text.StartsWith(Version, StringComparison.Ordinal) && text.AsSpan(Version.Length).TrimStart(" \t") is [';', ..];

    private static bool IsAlphanumeric(ReadOnlySpan<char> id)
    {
        foreach (var character in id)
            if (!char.IsAsciiLetterOrDigit(character))
                return false;
        return true;
    }
}
