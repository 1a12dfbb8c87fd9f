namespace Webcluster.Delivery.TransportSecurity;

/// <summary>What a connection to a site must have.</summary>
public enum TlsPolicy
{
    /// <summary>Plain text only.</summary>
    None,

    /// <summary>TLS where offered, any certificate; plain text where it is not offered or fails (RFC 7435).</summary>
    Opportunistic,

    /// <summary>TLS or nothing; any certificate.</summary>
    Required,

    /// <summary>TLS with a certificate that is valid for the host's name, or nothing.</summary>
    Verified,
}
