namespace Webcluster.Delivery.TransportSecurity;

/// <summary>What is known of an open connection.</summary>
[Flags]
public enum TlsProof
{
    None = 0,

    Encrypted = 1,

    /// <summary>The certificate is valid for the host's name, by an authority that is trusted.</summary>
    Trusted = 2,

    /// <summary>The certificate is the one that the host's TLSA records name.</summary>
    Dane = 4,
}
