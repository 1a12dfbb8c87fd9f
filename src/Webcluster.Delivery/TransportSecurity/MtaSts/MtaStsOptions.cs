using System.Net;

namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>Policies that receiving domains publish for TLS (MTA-STS, RFC 8461).</summary>
public sealed class MtaStsOptions
{
    /// <summary>Look for policies and obey them. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long one policy may take to be fetched; mail for its domain waits. Default 10s (RFC 8461 §3.3 suggests a
    /// minute).</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A fetch that failed is not repeated before. Default 5m (RFC 8461 §3.3).</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Where policy hosts are to be found instead of by DNS, as in /etc/hosts: "mta-sts.example.com=192.0.2.1:8443". Only where a test or a
    /// proxy listens there. The certificate must be valid for the name all the same.
    /// </summary>
    public List<string> Hosts { get; set; } = [];

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(1)) yield return ("timeout", "must be more than 0s and at most 1m");
        if (RetryAfter < TimeSpan.FromSeconds(1) || RetryAfter > TimeSpan.FromDays(1)) yield return ("retry_after", "must be 1s to 1d");
        foreach (var host in Hosts)
            if (!TryParseHost(host, out _, out _))
                yield return ("hosts", $"'{host}' is not of the form name=address:port");
    }

    internal static bool TryParseHost(string text, out string name, out IPEndPoint endPoint)
    {
        var equals = text.IndexOf('=');
        name = equals > 0 ? text[..equals].ToLowerInvariant() : "";
        var isEndPoint = IPEndPoint.TryParse(text.AsSpan(equals + 1), out var parsed) && parsed.Port > 0;
        endPoint = parsed ?? new IPEndPoint(IPAddress.None, 0);
        return name.Length > 0 && isEndPoint;
    }
}
