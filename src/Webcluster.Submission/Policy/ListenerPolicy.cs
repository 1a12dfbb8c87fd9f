using System.Net;
using Webcluster.Submission.Auth;

namespace Webcluster.Submission.Policy;

/// <summary>One listener's options, checked and parsed, with the replies that depend on nothing else.</summary>
internal sealed class ListenerPolicy
{
    private readonly NetworkList _trusted;

    private ListenerPolicy(SubmissionListenerOptions options, IPEndPoint endPoint, NetworkList trusted, NetworkList? proxies)
    {
        Name = options.Address;
        EndPoint = endPoint;
        Tls = options.Tls;
        AllowPlainAuth = options.AllowPlainAuth;
        _trusted = trusted;
        Proxies = proxies;
        TrustedPrincipal = new AuthenticatedPrincipal("", options.TrustedTenant, SenderPatterns.Any, null);
    }

    private ListenerPolicy(ListenerPolicy other)
    {
        Name = other.Name;
        EndPoint = other.EndPoint;
        Tls = other.Tls;
        AllowPlainAuth = other.AllowPlainAuth;
        _trusted = other._trusted;
        Proxies = other.Proxies;
        TrustedPrincipal = other.TrustedPrincipal;
    }

    /// <summary>The address as configured: names the listener in metrics.</summary>
    public string Name { get; }

    public IPEndPoint EndPoint { get; }

    public ListenerTls Tls { get; }

    public bool AllowPlainAuth { get; }

    /// <summary>Whom mail from trusted networks belongs to.</summary>
    public AuthenticatedPrincipal TrustedPrincipal { get; }

    /// <summary>Whom mail of everybody else belongs to, who then cannot authenticate; null: they must.</summary>
    public AuthenticatedPrincipal? Stranger { get; private init; }

    /// <summary>Who may connect, with a PROXY header first; null where clients connect themselves.</summary>
    public NetworkList? Proxies { get; }

    public bool Trusts(IPAddress address) => _trusted.Contains(address);

    /// <summary>The same for a listener that takes mail from anybody.</summary>
    public ListenerPolicy ForStrangers() => new(this) { Stranger = new AuthenticatedPrincipal("", "", SenderPatterns.Any, null) };

    /// <summary>Parses the options of a listener; adds each thing wrong with them to <paramref name="errors"/>, and is null then.</summary>
    public static ListenerPolicy? Create(SubmissionListenerOptions options, string path, List<string> errors)
    {
        var before = errors.Count;
        if (!IPEndPoint.TryParse(options.Address, out var endPoint) || !HasPort(options.Address))
            errors.Add($"{path}.address: '{options.Address}' is not ip:port");
        if (!CredentialText.IsName(options.TrustedTenant))
            errors.Add($"{path}.trusted_tenant: '{options.TrustedTenant}' {CredentialText.NotAName}");
        var trusted = NetworkList.Parse(options.Trusted, $"{path}.trusted", errors);
        var proxies = NetworkList.Parse(options.ProxyProtocolFrom, $"{path}.proxy_protocol_from", errors);
        var isProxied = options.ProxyProtocol == ProxyProtocolMode.Required;
        if (isProxied && options.ProxyProtocolFrom.Count == 0)
            errors.Add($"{path}.proxy_protocol_from: needed with proxy_protocol: required; list the load balancers' networks");
        if (!isProxied && options.ProxyProtocolFrom.Count > 0)
            errors.Add($"{path}.proxy_protocol_from: means nothing without proxy_protocol: required");
        return errors.Count == before ? new ListenerPolicy(options, endPoint!, trusted, isProxied ? proxies : null) : null;
    }

    // IPEndPoint takes an address alone, with port 0; port 0 itself (any free port) is allowed, for tests.
    private static bool HasPort(string text) => text.LastIndexOf(':') is > 0 and var colon && colon > text.LastIndexOf(']')
        && (text.StartsWith('[') || text.IndexOf(':') == colon);
}
