using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Tokens;

namespace Webcluster.Submission.Unsubscribing;

/// <summary>Writes the fields by which a recipient gets no more mail (RFC 8058, RFC 2369), and reads their tokens back. Pure.</summary>
public sealed class UnsubscribeLinks
{
    /// <summary>The local part that takes tokens by mail.</summary>
    public const string LocalPart = "unsubscribe";

    private readonly string _url;
    private readonly HashSet<string> _tenants;
    private readonly TokenKeyRing _keys;
    private readonly TimeSpan _validity;
    private readonly ReturnPaths? _paths;

    /// <param name="options">Without problems.</param>
    /// <param name="paths">Whose domains take mail; null: no field asks for mail.</param>
    public UnsubscribeLinks(UnsubscribeOptions options, TokenKeyRing keys, ReturnPaths? paths)
    {
        _url = options.Url.TrimEnd('/') + "/unsubscribe/";
        _tenants = [.. options.Tenants];
        _keys = keys;
        _validity = options.Expiry;
        _paths = paths;
    }

    public TokenProblem Read(ReadOnlySpan<char> text, DateTimeOffset now, out UnsubscribeToken? token) =>
        UnsubscribeToken.Read(text, _keys, now, out token);

    internal bool IsWanted(UnsubscribeWish wish, string tenant) => wish.Wanted ?? (_tenants.Contains(tenant) || _tenants.Contains("*"));

    /// <summary>What the sender has put there itself stays alone.</summary>
    internal static bool HasOwn(HeaderBlock header) =>
        header.Count("List-Unsubscribe"u8) > 0 || header.Count("List-Unsubscribe-Post"u8) > 0;

    /// <summary>The fields, each ending in CRLF; "" where the token cannot hold what they are about.</summary>
    internal string Fields(string tenant, string list, Mailbox recipient, DateTimeOffset now)
    {
        var lastDay = DateOnly.FromDateTime((now + _validity).UtcDateTime);
        if (new UnsubscribeToken(tenant, list, recipient, lastDay).Write(_keys) is not { } token) return "";
        // rfc2369#2: several ways, the best first. The token is too long for a local part, so it is the subject.
        var mail = _paths is null ? "" : $",\r\n <mailto:{LocalPart}@{_paths.DomainOf(tenant)}?subject={token}>";
        return $"List-Unsubscribe: <{_url}{token}>{mail}\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"; // rfc8058#3.1
    }
}
