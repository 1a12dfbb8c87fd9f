namespace Webcluster.Submission.Policy;

/// <summary>How a listener uses TLS.</summary>
public enum ListenerTls
{
    /// <summary>In the clear until the client says STARTTLS (port 587).</summary>
    StartTls,

    /// <summary>TLS from the first octet (port 465, RFC 8314).</summary>
    Implicit,

    /// <summary>Never. For loopback and trusted networks.</summary>
    None,
}
