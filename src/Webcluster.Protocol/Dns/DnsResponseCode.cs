namespace Webcluster.Protocol.Dns;

/// <summary>RCODE (RFC 1035 §4.1.1), with the upper bits of EDNS where the answer has them (RFC 6891 §6.1.3). Other values occur.</summary>
public enum DnsResponseCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}
