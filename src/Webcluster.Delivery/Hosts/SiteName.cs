using System.Security.Cryptography;
using System.Text;

namespace Webcluster.Delivery.Hosts;

/// <summary>Names a site by its MX hosts, so that domains with the same set share it whatever the order and preferences.</summary>
internal static class SiteName
{
    private const int Longest = 200;

    public static string Of(IEnumerable<string> hosts)
    {
        var sorted = hosts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var name = string.Join(',', sorted);
        if (name.Length <= Longest) return name;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(name)).AsSpan(0, 6));
        return $"{sorted[0]}+{sorted.Count - 1}#{digest}";
    }

    /// <summary>The hosts, in alphabetical order; of a name that was cut the first of them.</summary>
    public static IReadOnlyList<string> HostsOf(string site)
    {
        var cut = site.IndexOf('+');
        return cut < 0 ? site.Split(',') : [site[..cut]];
    }
}
