using Webcluster.Protocol.Addresses;

namespace Webcluster.Delivery.Providers;

/// <summary>
/// Which provider a domain or a set of MX hosts belongs to. Each host takes the longest pattern that fits. All hosts must belong to the
/// same provider: otherwise anybody could list a foreign host beside his own, and have his own host's replies slow that provider down.
/// </summary>
internal sealed class RollUp
{
    private readonly Dictionary<string, string> _domains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _patterns;

    /// <param name="providers">Of two with the same domain or pattern the first has it.</param>
    public RollUp(IEnumerable<ProviderOptions> providers)
    {
        foreach (var provider in providers)
        {
            foreach (var domain in provider.Domains) _domains.TryAdd(domain, provider.Name);
            foreach (var pattern in provider.Mx) _hosts.TryAdd(pattern, provider.Name);
        }
        _patterns = _hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>A host name, or one with a dot in front for all below it; lower case.</summary>
    public static bool IsPattern(string text)
    {
        var name = text.AsSpan(text.StartsWith('.') ? 1 : 0);
        return DomainName.TryNormalize(name, out var normalized) && name.SequenceEqual(normalized);
    }

    /// <summary>Null: it belongs to none.</summary>
    public string? Of(string domain, IReadOnlyList<string> hosts)
    {
        if (_domains.TryGetValue(domain, out var provider)) return provider;
        if (hosts.Count == 0) return null;
        var first = OfHost(hosts[0]);
        if (first is null) return null;
        for (var i = 1; i < hosts.Count; i++)
            if (OfHost(hosts[i]) != first)
                return null;
        return first;
    }

    private string? OfHost(string host)
    {
        if (_patterns.TryGetValue(host, out var provider)) return provider;
        for (var dot = host.IndexOf('.'); dot >= 0; dot = host.IndexOf('.', dot + 1))
            if (_patterns.TryGetValue(host.AsSpan(dot), out provider))
                return provider;
        return null;
    }
}
