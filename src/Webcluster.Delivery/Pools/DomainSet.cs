using System.Collections.Frozen;

namespace Webcluster.Delivery.Pools;

/// <summary>Domains, each itself alone, and suffixes (".example.com"), each for all below it.</summary>
internal sealed class DomainSet
{
    private readonly FrozenSet<string> _names;

    public DomainSet(IEnumerable<string> texts) =>
        _names = texts.Select(text => text.ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);

    public bool IsEmpty => _names.Count == 0;

    /// <summary>Is this very text among them?</summary>
    public bool Names(string text) => _names.Contains(text);

    /// <param name="domain">In lower case.</param>
    public bool Contains(string domain)
    {
        if (_names.Contains(domain)) return true;
        var names = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var dot = domain.IndexOf('.'); dot >= 0; dot = domain.IndexOf('.', dot + 1))
            if (names.Contains(domain.AsSpan(dot)))
                return true;
        return false;
    }
}
