using System.Net;
using System.Net.Sockets;
using Webcluster.Submission.Auth;

namespace Webcluster.Submission.Listeners;

/// <summary>One listener's options, checked and parsed, with the replies that depend on nothing else.</summary>
internal sealed class ListenerPolicy
{
    private readonly IPNetwork[] _trusted;

    private ListenerPolicy(SubmissionListenerOptions options, IPEndPoint endPoint, IPNetwork[] trusted)
    {
        Name = options.Address;
        EndPoint = endPoint;
        Tls = options.Tls;
        AllowPlainAuth = options.AllowPlainAuth;
        _trusted = trusted;
        TrustedPrincipal = new AuthenticatedPrincipal("", options.TrustedTenant, SenderPatterns.Any, null);
    }

    /// <summary>The address as configured: names the listener in metrics.</summary>
    public string Name { get; }

    public IPEndPoint EndPoint { get; }

    public ListenerTls Tls { get; }

    public bool AllowPlainAuth { get; }

    /// <summary>Whom mail from trusted networks belongs to.</summary>
    public AuthenticatedPrincipal TrustedPrincipal { get; }

    public bool Trusts(IPAddress address)
    {
        foreach (var network in _trusted)
            if (network.Contains(address)) return true;
        return false;
    }

    /// <summary>Parses the options of a listener; adds each thing wrong with them to <paramref name="errors"/>, and is null then.</summary>
    public static ListenerPolicy? Create(SubmissionListenerOptions options, string path, List<string> errors)
    {
        var before = errors.Count;
        if (!IPEndPoint.TryParse(options.Address, out var endPoint) || !HasPort(options.Address))
            errors.Add($"{path}.address: '{options.Address}' is not ip:port");
        if (options.TrustedTenant.Length == 0) errors.Add($"{path}.trusted_tenant: must not be empty");
        var trusted = new List<IPNetwork>();
        foreach (var text in options.Trusted)
        {
            if (TryParseNetwork(text, out var network)) trusted.Add(network);
            else errors.Add($"{path}.trusted: '{text}' is no network; write it as 10.0.0.0/8");
        }

        return errors.Count == before ? new ListenerPolicy(options, endPoint!, [.. trusted]) : null;
    }

    // IPEndPoint takes an address alone, with port 0; port 0 itself (any free port) is allowed, for tests.
    private static bool HasPort(string text) => text.LastIndexOf(':') is > 0 and var colon && colon > text.LastIndexOf(']')
        && (text.StartsWith('[') || text.IndexOf(':') == colon);

    private static bool TryParseNetwork(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network)) return true;
        if (text.Contains('/') || !IPAddress.TryParse(text, out var address)) return false;
        network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }
}
