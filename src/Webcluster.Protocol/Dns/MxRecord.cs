namespace Webcluster.Protocol.Dns;

/// <summary>One mail exchanger (RFC 1035 §3.3.9). Lower preference is tried first.</summary>
/// <param name="Exchange">Presentation form, lower case, no final dot; "." is the root.</param>
public sealed record MxRecord(ushort Preference, string Exchange)
{
    /// <summary>The domain says that it takes no mail, provided this is its only MX.</summary>
    // rfc7505#3
    public bool IsNull => Exchange == DnsName.Root;

    /// <summary>False where the exchange is no host name: such a record must not be connected to.</summary>
    public bool IsHost => DnsName.IsHost(Exchange);
}
