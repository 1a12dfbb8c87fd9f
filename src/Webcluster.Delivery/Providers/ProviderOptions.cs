using Webcluster.Delivery.Providers.Replies;
using Webcluster.Delivery.TransportSecurity;

namespace Webcluster.Delivery.Providers;

/// <summary>
/// A provider: destinations that share limits. One of the catalogue's names adds to and overrides what the catalogue says, key by key;
/// another name is a new provider; the name "default" is what holds for every provider unless something more specific is said.
/// </summary>
public class ProviderOptions
{
    public const string Default = "default";

    /// <summary>Lower-case letters, digits and hyphens.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// Names of MX hosts, or with a dot in front everything below: ".example.net". A domain is of the provider if all its MX hosts are; the
    /// longest that matches decides.
    /// </summary>
    public List<string> Mx { get; set; } = [];

    /// <summary>Recipients' domains that are of the provider, whatever their MX hosts.</summary>
    public List<string> Domains { get; set; } = [];

    /// <summary>For all sources together, cluster-wide.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>For each source, cluster-wide; most providers count by IP address.</summary>
    public LimitOptions PerSource { get; set; } = new();

    /// <summary>Recipients of a message in one transaction; the others go in further ones. Default 100 (RFC 5321: every server must take
    /// so many).</summary>
    public int? RecipientsPerTransaction { get; set; }

    /// <summary>TLS with the provider's hosts. Default delivery.tls, or the catalogue's where that is stricter.</summary>
    public TlsPolicy? Tls { get; set; }

    /// <summary>What the provider's hosts are shown where they ask who we are. Default delivery.client_certificate.</summary>
    public ClientCertificateOptions? ClientCertificate { get; set; }

    /// <summary>
    /// What the provider's replies mean; asked in this order, before the catalogue's. One of the catalogue's names replaces that rule.
    /// </summary>
    public List<ReplyRuleOptions> Rules { get; set; } = [];

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Name.Length == 0) yield return ("name", "is missing");
        else if (Name.Length > 40 || Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            yield return ("name", $"'{Name}' is no name of lower-case letters, digits and hyphens");
        if (Name == Default && Mx.Count + Domains.Count > 0) yield return ("name", "is for every provider, so it has no mx and no domains");
        foreach (var (index, mx) in Mx.Index())
            if (!RollUp.IsPattern(mx))
                yield return ($"mx[{index}]", $"'{mx}' is no host name or .suffix in lower case");
        foreach (var (index, domain) in Domains.Index())
            if (domain.StartsWith('.') || !RollUp.IsPattern(domain))
                yield return ($"domains[{index}]", $"'{domain}' is no domain in lower case");
        foreach (var (key, problem) in ClientCertificate?.NestedProblems() ?? []) yield return (key, problem);
        if (RecipientsPerTransaction is < 1) yield return ("recipients_per_transaction", "must be at least 1");
        foreach (var (key, problem) in Limits.Problems()) yield return ($"limits.{key}", problem);
        foreach (var (key, problem) in PerSource.Problems()) yield return ($"per_source.{key}", problem);
        foreach (var (index, rule) in Rules.Index())
            foreach (var (key, problem) in rule.Problems())
                yield return ($"rules[{index}].{key}", problem);
    }

    internal IEnumerable<Setting> Settings(string origin)
    {
        foreach (var setting in Limits.Settings(LimitScope.Provider, origin)) yield return setting;
        foreach (var setting in PerSource.Settings(LimitScope.Source, origin)) yield return setting;
        if (RecipientsPerTransaction is { } recipients)
            yield return new Setting(LimitScope.Provider, Setting.RecipientsPerTransaction, recipients, origin);
        if (Tls is { } tls) yield return new Setting(LimitScope.Provider, Setting.Tls, tls, origin);
        if (ClientCertificate is { } shown) yield return new Setting(LimitScope.Provider, Setting.ClientCertificate, shown, origin);
    }
}
