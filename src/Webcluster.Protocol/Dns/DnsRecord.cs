using System.Net;

namespace Webcluster.Protocol.Dns;

/// <summary>
/// A record of class IN that was understood: exactly one of the nested records. Names are lower case, in presentation form.
/// </summary>
/// <param name="Name">The owner.</param>
public abstract record DnsRecord(string Name, TimeSpan Ttl)
{
    public abstract DnsType Type { get; }

    /// <summary>A or AAAA.</summary>
    public sealed record Address(string Name, TimeSpan Ttl, IPAddress Ip) : DnsRecord(Name, Ttl)
    {
        public override DnsType Type => Ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa;
    }

    public sealed record Mx(string Name, TimeSpan Ttl, MxRecord Exchanger) : DnsRecord(Name, Ttl)
    {
        public override DnsType Type => DnsType.Mx;
    }

    /// <summary>TXT: its strings joined without anything between, UTF-8 with replacement.</summary>
    public sealed record Text(string Name, TimeSpan Ttl, string Value) : DnsRecord(Name, Ttl)
    {
        public override DnsType Type => DnsType.Txt;
    }

    public sealed record Alias(string Name, TimeSpan Ttl, string Target) : DnsRecord(Name, Ttl)
    {
        public override DnsType Type => DnsType.Cname;
    }

    public sealed record Pointer(string Name, TimeSpan Ttl, string Target) : DnsRecord(Name, Ttl)
    {
        public override DnsType Type => DnsType.Ptr;
    }

    public sealed record Tlsa(string Name, TimeSpan Ttl, TlsaRecord Association) : DnsRecord(Name, Ttl)
    {
        public override DnsType Type => DnsType.Tlsa;
    }

    /// <summary>NS: who is responsible for the name.</summary>
    public sealed record Delegation(string Name, TimeSpan Ttl, string Target) : DnsRecord(Name, Ttl)
    {
        public override DnsType Type => DnsType.Ns;
    }

    /// <summary>SOA, of which only the time for negative answers matters here.</summary>
    /// <param name="Minimum">The last field.</param>
    public sealed record Authority(string Name, TimeSpan Ttl, TimeSpan Minimum) : DnsRecord(Name, Ttl)
    {
        public override DnsType Type => DnsType.Soa;

        // rfc2308#5: the smaller of the record's own TTL and its MINIMUM.
        public TimeSpan NegativeTtl => Ttl < Minimum ? Ttl : Minimum;
    }
}
