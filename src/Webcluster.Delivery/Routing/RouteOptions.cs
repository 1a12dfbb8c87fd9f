using System.Text;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Delivery.Routing;

/// <summary>A static route: where the mail for some domains goes instead of to their MX hosts. The first that matches is taken.</summary>
public sealed class RouteOptions
{
    /// <summary>A domain, ".example.com" for all below it, or "*" for every domain.</summary>
    public string Match { get; set; } = "";

    /// <summary>
    /// Hosts in the order of preference, "name", "name:port", "192.0.2.1:port" or "[2001:db8::1]:port"; port 25 where none is given.
    /// </summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>TLS with these hosts. Default opportunistic.</summary>
    public TlsPolicy Tls { get; set; } = TlsPolicy.Opportunistic;

    /// <summary>User name for AUTH PLAIN or LOGIN at these hosts; needs tls: required or verified. Empty: no AUTH.</summary>
    public string Username { get; set; } = "";

    /// <summary>File that holds the password for <see cref="Username"/>, readable by its owner only.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>What these hosts are shown where they ask who we are. Default delivery.client_certificate.</summary>
    public ClientCertificateOptions? ClientCertificate { get; set; }

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Match.Length == 0) yield return ("match", "is missing: a domain, '.suffix' or '*'");
        else if (!IsMatch(Match)) yield return ("match", $"'{Match}' is no domain (A-labels), '.suffix', '[address]' or '*'");
        if (Hosts.Count == 0) yield return ("hosts", "is missing: at least one host");
        foreach (var host in Hosts)
            if (HostPort.Parse(host) is null)
                yield return ("hosts", $"'{host}' is no host, host:port, address:port or [v6]:port");
        if (Username.Length > 0 && Tls is TlsPolicy.None or TlsPolicy.Opportunistic)
            yield return ("username", "needs tls: required or verified");
        foreach (var (key, problem) in ClientCertificate?.NestedProblems() ?? []) yield return (key, problem);
        if (Username.Length > 0 && !File.Exists(PasswordFile)) yield return ("password_file", $"'{PasswordFile}' does not exist");
    }

    private static bool IsMatch(string match) =>
        match == "*" || match.StartsWith('[')
        || (Ascii.IsValid(match) && DomainName.TryNormalize(match.StartsWith('.') ? match.AsSpan(1) : match, out _));
}
