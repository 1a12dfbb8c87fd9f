using System.Collections.Frozen;

namespace Webcluster.Protocol.Dkim;

/// <summary>Which keys sign for whom. Immutable; the keys belong to whoever made it, and must outlive the work that uses it.</summary>
public sealed class DkimKeyRing
{
    private readonly FrozenDictionary<string, DkimKey[]> _byDomain;

    /// <param name="keys">Every key signs. A key that is published but not yet, or no longer, to sign is left out.</param>
    public DkimKeyRing(IEnumerable<DkimKey> keys) =>
        _byDomain = keys
            .GroupBy(key => key.Domain, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(
                group => group.Key,
                group => group.OrderBy(key => key.Algorithm == DkimAlgorithm.RsaSha256 ? 0 : 1).ToArray(),
                StringComparer.OrdinalIgnoreCase);

    /// <summary>Nobody signs.</summary>
    public bool IsEmpty => _byDomain.Count == 0;

    /// <summary>
    /// The keys of the author's domain, else of its nearest parent that has any (to DMARC's relaxed alignment that is as good); RSA first,
    /// because some verifiers look at the first signature only and know no Ed25519. Empty where nobody signs.
    /// </summary>
    public IReadOnlyList<DkimKey> For(string authorDomain)
    {
        var lookup = _byDomain.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var name = authorDomain.AsSpan(); !name.IsEmpty; name = Parent(name))
        {
            if (lookup.TryGetValue(name, out var keys))
                return keys;
        }
        return [];
    }

    private static ReadOnlySpan<char> Parent(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        return dot < 0 ? [] : name[(dot + 1)..];
    }
}
