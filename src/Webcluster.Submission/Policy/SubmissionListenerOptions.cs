namespace Webcluster.Submission.Policy;

/// <summary>One address on which mail is taken.</summary>
public sealed class SubmissionListenerOptions
{
    /// <summary>
    /// "ip:port" to listen on: "0.0.0.0:587", "[::]:465". For ports below 1024 the node needs CAP_NET_BIND_SERVICE where it does not run as
    /// root. Default 0.0.0.0:587 (RFC 6409 §3.1).
    /// </summary>
    public string Address { get; set; } = "0.0.0.0:587";

    /// <summary>How TLS is used: start_tls, implicit or none. Default start_tls (RFC 3207).</summary>
    public ListenerTls Tls { get; set; } = ListenerTls.StartTls;

    /// <summary>
    /// Take AUTH without TLS from clients on the loopback interface, and from nobody else. Default false (RFC 4954 §4 asks for TLS).
    /// </summary>
    public bool AllowPlainAuth { get; set; }

    /// <summary>
    /// Whether every connection begins with a PROXY protocol header (version 1 or 2): off or required. With it, the client's address is the
    /// one in the header, for limits, logs, Received and `trusted`. Default off.
    /// </summary>
    public ProxyProtocolMode ProxyProtocol { get; set; }

    /// <summary>
    /// Networks (CIDR) of the load balancers: with proxy_protocol: required nobody else may connect, and what they say is believed. Default
    /// none.
    /// </summary>
    public List<string> ProxyProtocolFrom { get; set; } = [];

    /// <summary>
    /// Networks (CIDR) whose clients need no AUTH and are not limited in connections per address. With proxy_protocol: required, a
    /// connection whose header names no client is never among them, whatever the load balancer's own address is. Default none.
    /// </summary>
    public List<string> Trusted { get; set; } = [];

    /// <summary>The tenant of mail from trusted clients, written like a user's: ASCII without space or colon. Default "default".</summary>
    public string TrustedTenant { get; set; } = "default";
}
