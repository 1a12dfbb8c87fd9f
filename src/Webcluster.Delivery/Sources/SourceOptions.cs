using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Sources;

/// <summary>
/// A source: one address, or one per family, that mail leaves from, and what it calls itself there. None: the system chooses the address.
/// See operations/sources.md.
/// </summary>
public sealed class SourceOptions
{
    /// <summary>Stands in metrics, logs and pools: 1 to 64 of a-z, 0-9, '.', '_', '-'.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// IPv4 address. A node that does not have it leaves the source to the nodes that do. With a proxy it is the proxy's: proxy-v2 is
    /// told to use it.
    /// </summary>
    public string Address { get; set; } = "";

    /// <summary>IPv6 address. A source with only one of the two connects over that family only.</summary>
    public string Address6 { get; set; } = "";

    /// <summary>Name given with EHLO; should be what the address resolves to. Empty: node.name.</summary>
    public string Ehlo { get; set; } = "";

    /// <summary>
    /// Proxy to leave through: "socks5://[user@]host:port", or "proxy-v2://host:port" for one that takes the PROXY header of version 2 and
    /// connects from the source to the destination it names. Empty: none.
    /// </summary>
    public string Proxy { get; set; } = "";

    /// <summary>File that holds the password for the proxy's user, readable by its owner only.</summary>
    public string ProxyPasswordFile { get; set; } = "";

    /// <summary>For a source that receivers do not know yet. Left out: it is warm.</summary>
    public SourceWarmupOptions? Warmup { get; set; }

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!PoolName.IsName(Name)) yield return ("name", $"must be {PoolName.Expected}");
        if (!IsAddress(Address, AddressFamily.InterNetwork)) yield return ("address", $"'{Address}' is no IPv4 address");
        if (!IsAddress(Address6, AddressFamily.InterNetworkV6)) yield return ("address6", $"'{Address6}' is no IPv6 address");
        if (Ehlo.Length > 0 && !DomainName.TryNormalize(Ehlo, out _)) yield return ("ehlo", $"'{Ehlo}' is no domain name");
        foreach (var problem in ProxyProblems()) yield return problem;
        foreach (var (key, problem) in Warmup?.Problems() ?? []) yield return ($"warmup.{key}", problem);
    }

    internal Source ToSource(string hostName, Func<string, string> readPassword)
    {
        EgressProxy? proxy = null;
        if (Proxy.Length > 0 && EgressProxy.TryParse(Proxy, out proxy) && proxy.User is not null)
            proxy = proxy with { Password = readPassword(ProxyPasswordFile) };
        return new Source(
            Name, Parse(Address), Parse(Address6), DomainName.TryNormalize(Ehlo, out var ehlo) ? ehlo : hostName,
            proxy, Warmup?.ToWarmup());
    }

    private IEnumerable<(string Key, string Problem)> ProxyProblems()
    {
        var hasAddress = Address.Length + Address6.Length > 0;
        if (Proxy.Length == 0)
        {
            if (!hasAddress) yield return ("address", "is missing: address, address6 or both");
            if (ProxyPasswordFile.Length > 0) yield return ("proxy_password_file", "is for a proxy with a user");
            yield break;
        }

        if (!EgressProxy.TryParse(Proxy, out var proxy))
        {
            yield return ("proxy", "must be socks5://[user@]host:port, the password in proxy_password_file, or proxy-v2://host:port");
            yield break;
        }

        if (proxy.Kind == ProxyKind.ProxyV2 && !hasAddress) yield return ("address", "is missing: the one that the proxy is told to use");
        if (proxy.User is not null && !File.Exists(ProxyPasswordFile))
            yield return ("proxy_password_file", $"'{ProxyPasswordFile}' does not exist");
        if (proxy.User is null && ProxyPasswordFile.Length > 0) yield return ("proxy_password_file", "is for a proxy with a user");
    }

    // "10.1" and "25" are read as addresses, too.
    private static bool IsAddress(string text, AddressFamily family) =>
        text.Length == 0
        || (IPAddress.TryParse(text, out var address) && address.AddressFamily == family
            && (family == AddressFamily.InterNetworkV6 || address.ToString() == text));

    private static IPAddress? Parse(string text) => text.Length == 0 ? null : IPAddress.Parse(text);
}

/// <summary>How a new source is brought up, day by day and provider by provider.</summary>
public sealed class SourceWarmupOptions
{
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>
    /// default, cautious, stages, linear (500 more each day), or a line of one's own: "200/day + 100/day". See operations/sources.md.
    /// Default "default".
    /// </summary>
    public string Plan { get; set; } = "default";

    /// <summary>The plan's first day, UTC: 2026-11-22. Empty: the day of first use.</summary>
    public string Start { get; set; } = "";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (WarmupPlans.Find(Plan) is null) yield return ("plan", $"must be one of {string.Join(", ", WarmupPlans.Names)}, or as 200/day + 100/day");
        if (Start.Length > 0 && !TryStart(out _)) yield return ("start", $"'{Start}' is no date such as 2026-11-22");
    }

    internal SourceWarmup ToWarmup() => new(Plan, TryStart(out var day) ? day : null);

    private bool TryStart(out DateOnly day) =>
        DateOnly.TryParseExact(Start, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
