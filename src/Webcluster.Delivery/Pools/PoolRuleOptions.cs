using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Pools;

/// <summary>
/// Which mail goes to which pool. The first rule that matches decides; mail that none matches goes to "default". A rule matches where each
/// condition that it has holds, and a condition holds where one of its values does.
/// </summary>
public sealed class PoolRuleOptions
{
    /// <summary>Credentials, by name.</summary>
    public List<string> Users { get; set; } = [];

    /// <summary>Tenants.</summary>
    public List<string> Tenants { get; set; } = [];

    /// <summary>
    /// Pools that the message itself asks for in its header field X-WC-Pool. With <c>users</c> or <c>tenants</c> beside it the rule says
    /// who may; what no rule grants is passed over.
    /// </summary>
    public List<string> Asked { get; set; } = [];

    /// <summary>Domains of the envelope sender, or ".example.com" for all below it.</summary>
    public List<string> SenderDomains { get; set; } = [];

    /// <summary>Classes of mail.</summary>
    public List<MailClass> Classes { get; set; } = [];

    /// <summary>Where the mail goes: a recipient domain, ".example.com" for all below it, or a provider's name.</summary>
    public List<string> Destinations { get; set; } = [];

    /// <summary>The pool. Empty, with <c>asked</c>: the pool that was asked for.</summary>
    public string Pool { get; set; } = "";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Pool.Length == 0 && Asked.Count == 0) yield return ("pool", "is missing");
        foreach (var domain in SenderDomains.Where(domain => !IsDomain(domain)))
            yield return ("sender_domains", $"'{domain}' is no domain (A-labels) or '.suffix'");
        foreach (var name in Destinations.Where(name => name.Length == 0 || !System.Text.Ascii.IsValid(name)))
            yield return ("destinations", $"'{name}' is no domain (A-labels), '.suffix' or provider");
    }

    private static bool IsDomain(string text) =>
        System.Text.Ascii.IsValid(text) && DomainName.TryNormalize(text.StartsWith('.') ? text.AsSpan(1) : text, out _);
}
