using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.Dns;

/// <summary>Counts what was asked of servers; what the cache answered is not a query.</summary>
internal sealed class DnsMetrics
{
    private readonly Counter<long> _queries;
    private readonly Histogram<double> _duration;

    public DnsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Webcluster.Delivery");
        _queries = meter.CreateCounter<long>("webcluster.dns.queries", "{query}", "Queries to DNS servers, each try counted");
        _duration = meter.CreateHistogram<double>("webcluster.dns.query.duration", "s", "Time until a DNS server answered or was given up");
    }

    public void Asked(DnsType type, in ExchangeResult result, TimeSpan elapsed)
    {
        var typeTag = new KeyValuePair<string, object?>("type", TypeLabel(type));
        var resultTag = new KeyValuePair<string, object?>("result", ResultLabel(result));
        _queries.Add(1, typeTag, resultTag);
        _duration.Record(elapsed.TotalSeconds, typeTag, resultTag);
    }

    private static string TypeLabel(DnsType type) => type switch
    {
        DnsType.A => "a",
        DnsType.Aaaa => "aaaa",
        DnsType.Cname => "cname",
        DnsType.Mx => "mx",
        DnsType.Ptr => "ptr",
        DnsType.Tlsa => "tlsa",
        DnsType.Txt => "txt",
        DnsType.Ns or DnsType.Soa or DnsType.Opt => "other",
        _ => throw new UnreachableException(),
    };

    private static string ResultLabel(in ExchangeResult result) => result.Status switch
    {
        ExchangeStatus.TimedOut => "timeout",
        ExchangeStatus.Unreachable => "unreachable",
        ExchangeStatus.Malformed => "malformed",
        ExchangeStatus.Answered => result.Response!.Code switch
        {
            DnsResponseCode.NoError => "noerror",
            DnsResponseCode.NameError => "nxdomain",
            DnsResponseCode.ServerFailure => "servfail",
            DnsResponseCode.Refused => "refused",
            DnsResponseCode.FormatError or DnsResponseCode.NotImplemented or DnsResponseCode.BadVersion => "formerr",
            // Other values occur.
            _ => "other",
        },
        _ => throw new UnreachableException(),
    };
}
