using System.Net;

namespace Webcluster.Delivery.Dns;

/// <summary>What resolv.conf(5) says that matters here; search lists do not, mail domains are complete.</summary>
internal sealed record ResolvConf(IReadOnlyList<IPEndPoint> Servers, bool TrustAuthenticData)
{
    public const string SystemPath = "/etc/resolv.conf";

    /// <summary>Without a server, or without a file: the one on this machine.</summary>
    public static ResolvConf Read(string path)
    {
        try
        {
            return Parse(File.ReadLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Parse([]);
        }
    }

    public static ResolvConf Parse(IEnumerable<string> lines)
    {
        var servers = new List<IPEndPoint>();
        var trust = false;
        foreach (var line in lines.Take(1000))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var server, ..] && DnsServerAddress.TryParse(server, out var endPoint)) servers.Add(endPoint);
            if (words is ["options", ..]) trust |= words.Contains("trust-ad");
        }
        return new ResolvConf(servers.Count > 0 ? servers : [new IPEndPoint(IPAddress.Loopback, 53)], trust);
    }
}
