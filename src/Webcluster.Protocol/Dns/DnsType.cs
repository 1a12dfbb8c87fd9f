namespace Webcluster.Protocol.Dns;

/// <summary>The record types this project asks for or reads. Others occur in answers and are passed over.</summary>
public enum DnsType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Opt = 41,
    Tlsa = 52,
}
