using Webcluster.Queue.Lanes;

namespace Webcluster.Submission.Auth;

/// <summary>
/// The line format of the users file: "name:tenant:hash:senders[:class]". Empty lines and lines that begin with "#" are passed over.
/// </summary>
internal static class CredentialText
{
    public const int MaxName = 128;

    /// <summary>What is wrong with a tenant that <see cref="IsName"/> does not take.</summary>
    public const string NotAName =
        "is no name of a tenant: 1 to 128 letters of ASCII, digits and signs, with neither space nor colon, nor \"#\" in front";

    /// <summary>Letters, digits and what stands in addresses: no colon, no space, nothing invisible.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxName && text[0] != '#' && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.Contains(':');

    public static string Format(Credential credential)
    {
        var line = $"{credential.Name}:{credential.Tenant}:{credential.PasswordHash}:{credential.Senders}";
        return credential.Class is { } named ? $"{line}:{NameOf(named)}" : line;
    }

    /// <summary>Reads one line that is neither empty nor a comment; null where it is no user.</summary>
    public static Credential? Parse(string line)
    {
        var fields = line.Split(':');
        if (fields.Length is not (4 or 5) || !IsName(fields[0]) || !IsName(fields[1]) || !PasswordHash.IsValid(fields[2])
            || !SenderPatterns.TryParse(fields[3], out var senders))
            return null;
        if (fields.Length == 4) return new Credential(fields[0], fields[1], fields[2], senders);
        return TryParseClass(fields[4], out var named) ? new Credential(fields[0], fields[1], fields[2], senders, named) : null;
    }

    public static bool TryParseClass(ReadOnlySpan<char> text, out MailClass named)
    {
        foreach (var candidate in Enum.GetValues<MailClass>())
        {
            if (!text.Equals(NameOf(candidate), StringComparison.OrdinalIgnoreCase)) continue;
            named = candidate;
            return true;
        }

        named = default;
        return false;
    }

    private static string NameOf(MailClass named) => named switch
    {
        MailClass.Transactional => "transactional",
        MailClass.Normal => "normal",
        MailClass.Bulk => "bulk",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
