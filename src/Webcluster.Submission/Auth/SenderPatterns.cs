using Webcluster.Protocol.Addresses;

namespace Webcluster.Submission.Auth;

/// <summary>The addresses a user may send as: "*" for any, a domain, or one address; separated by commas in text. Immutable.</summary>
public sealed class SenderPatterns
{
    private readonly bool _any;
    private readonly string[] _domains;
    private readonly Mailbox[] _addresses;

    private SenderPatterns(bool any, string[] domains, Mailbox[] addresses)
    {
        _any = any;
        _domains = domains;
        _addresses = addresses;
    }

    public static SenderPatterns Any { get; } = new(any: true, [], []);

    /// <summary>True where every address is allowed, so that none has to be read.</summary>
    public bool AllowsAny => _any;

    /// <summary>
    /// Parses "*", "example.com", "a@example.com" or several with commas; false where one is none of these, or none is given.
    /// </summary>
    public static bool TryParse(string text, out SenderPatterns patterns)
    {
        patterns = Any;
        var any = false;
        var domains = new List<string>();
        var addresses = new List<Mailbox>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part == "*") any = true;
            else if (Mailbox.TryParse(part, out var address)) addresses.Add(address!);
            else if (DomainName.TryNormalize(part, out var domain)) domains.Add(domain);
            else return false;
        }

        if (!any) patterns = new SenderPatterns(any, [.. domains], [.. addresses]);
        return true;
    }

    // Local parts are compared without case here: whoever may send as "info@" may send as "Info@".
    public bool Allow(Mailbox address)
    {
        if (_any || Array.IndexOf(_domains, address.Domain) >= 0) return true;
        foreach (var allowed in _addresses)
        {
            if (allowed.Domain == address.Domain && string.Equals(allowed.LocalPart, address.LocalPart, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    public override string ToString() => _any ? "*" : string.Join(',', [.. _domains, .. _addresses.Select(address => address.ToString())]);
}
