namespace Webcluster.Submission.Listeners;

/// <summary>One address on which mail is taken.</summary>
public sealed class SubmissionListenerOptions
{
    /// <summary>"ip:port" to listen on: "0.0.0.0:587", "[::]:465". Default 0.0.0.0:587 (RFC 6409 §3.1).</summary>
    public string Address { get; set; } = "0.0.0.0:587";

    /// <summary>How TLS is used: start_tls, implicit or none. Default start_tls (RFC 3207).</summary>
    public ListenerTls Tls { get; set; } = ListenerTls.StartTls;

    /// <summary>
    /// Take AUTH without TLS from clients on the loopback interface, and from nobody else. Default false (RFC 4954 §4 asks for TLS).
    /// </summary>
    public bool AllowPlainAuth { get; set; }

    /// <summary>Networks (CIDR) whose clients need no AUTH and are not limited in connections per address. Default none.</summary>
    public List<string> Trusted { get; set; } = [];

    /// <summary>The tenant of mail from trusted clients. Default "default".</summary>
    public string TrustedTenant { get; set; } = "default";
}
