using System.Security.Cryptography;
using System.Text;

namespace Webcluster.Delivery.Routing;

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
}
