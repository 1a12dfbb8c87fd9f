namespace Webcluster.Delivery.TransportSecurity;

/// <summary>Who vouches that hosts are a domain's own.</summary>
internal enum HostVoucher
{
    /// <summary>DNS named them, and anybody may have answered in its place.</summary>
    Nobody,

    /// <summary>DNS named them, and signed it.</summary>
    Dnssec,

    /// <summary>A static route names them.</summary>
    Operator,
}
