using System.Diagnostics.Metrics;
using System.Net;
using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.Dns;

/// <summary>
/// A stub resolver. A question goes (1) through the cache, (2) to the lookup of the same question under way, if there is one, else (3) to
/// the servers, whose answer is kept for its TTL, failures for a short time too.
/// </summary>
public sealed class DnsResolver : IDnsResolver, IAsyncDisposable
{
    private readonly DnsAnswer<DnsRecord> _noSuchName;
    private readonly DnsCache _cache;
    private readonly DnsLookup _lookup;
    private readonly SharedLookups _shared;

    /// <exception cref="ArgumentException">The options are not valid; the message has every problem.</exception>
    public DnsResolver(DnsOptions options, TimeProvider time, IMeterFactory meters)
    {
        var problems = string.Join("; ", options.Problems().Select(p => $"{p.Key}: {p.Problem}"));
        if (problems.Length > 0) throw new ArgumentException(problems, nameof(options));
        var exchange = new DnsExchange(options.Timeout, time);
        var pool = new DnsServerPool(ServersOf(options, time), options.Attempts, exchange, new DnsMetrics(meters), time);
        _lookup = new DnsLookup(pool, new TtlPolicy(options.MinTtl, options.MaxTtl, options.NegativeTtlMax, options.FailureTtl));
        _cache = new DnsCache(options.CacheEntries, time);
        _shared = new SharedLookups(options.MaxInFlight, ResolveAsync);
        _noSuchName = new DnsAnswer<DnsRecord>(DnsStatus.NameError, [], options.NegativeTtlMax, Authenticated: false);
    }

    public async ValueTask<DnsAnswer<MxRecord>> MxAsync(string domain, CancellationToken cancellation) =>
        Select(await LookupAsync(domain, DnsType.Mx, cancellation),
            records => records.OfType<DnsRecord.Mx>().Select(r => r.Exchanger).Distinct().OrderBy(r => r.Preference));

    public async ValueTask<DnsAnswer<IPAddress>> AddressesAsync(string host, AddressFamilies families, CancellationToken cancellation)
    {
        var v6 = families.HasFlag(AddressFamilies.V6) ? AddressesAsync(host, DnsType.Aaaa, cancellation) : null;
        var v4 = families.HasFlag(AddressFamilies.V4) ? AddressesAsync(host, DnsType.A, cancellation) : null;
        return (v6, v4) switch
        {
            ({ } six, { } four) => AddressAnswer.Combine(await Task.WhenAll(six, four)),
            ({ } six, null) => await six,
            (null, { } four) => await four,
            (null, null) => new DnsAnswer<IPAddress>(DnsStatus.NoData, [], _noSuchName.Ttl, Authenticated: false),
        };
    }

    public async ValueTask<DnsAnswer<string>> TxtAsync(string name, CancellationToken cancellation) =>
        Select(await LookupAsync(name, DnsType.Txt, cancellation), records => records.OfType<DnsRecord.Text>().Select(r => r.Value));

    public async ValueTask<DnsAnswer<string>> CnameAsync(string name, CancellationToken cancellation) =>
        Select(await LookupAsync(name, DnsType.Cname, cancellation), records => records.OfType<DnsRecord.Alias>().Select(r => r.Target));

    public async ValueTask<DnsAnswer<string>> PtrAsync(IPAddress address, CancellationToken cancellation) =>
        Select(await LookupAsync(DnsName.Reverse(address), DnsType.Ptr, cancellation),
            records => records.OfType<DnsRecord.Pointer>().Select(r => r.Target));

    public async ValueTask<DnsAnswer<TlsaRecord>> TlsaAsync(string name, CancellationToken cancellation) =>
        Select(await LookupAsync(name, DnsType.Tlsa, cancellation),
            records => records.OfType<DnsRecord.Tlsa>().Select(r => r.Association));

    /// <summary>Lookups under way end; callers that still wait see a cancellation.</summary>
    public ValueTask DisposeAsync() => _shared.DisposeAsync();

    private async Task<DnsAnswer<IPAddress>> AddressesAsync(string host, DnsType type, CancellationToken cancellation) =>
        Select(await LookupAsync(host, type, cancellation), records => records.OfType<DnsRecord.Address>().Select(r => r.Ip).Distinct());

    private async ValueTask<DnsAnswer<DnsRecord>> LookupAsync(string name, DnsType type, CancellationToken cancellation)
    {
        if (!DnsName.TryNormalize(name, out var normalized)) return _noSuchName;
        var question = new DnsQuestion(normalized, type);
        return _cache.TryGet(question, out var cached) ? cached : await _shared.RunAsync(question, cancellation);
    }

    private async Task<DnsAnswer<DnsRecord>> ResolveAsync(DnsQuestion question, CancellationToken cancellation)
    {
        // A lookup that ended since the caller looked has left its answer here.
        if (_cache.TryGet(question, out var cached)) return cached;
        var answer = await _lookup.ResolveAsync(question, cancellation);
        _cache.Put(question, answer);
        return answer;
    }

    private static DnsAnswer<T> Select<T>(DnsAnswer<DnsRecord> answer, Func<IReadOnlyList<DnsRecord>, IEnumerable<T>> select) =>
        new(answer.Status, [.. select(answer.Records)], answer.Ttl, answer.Authenticated);

    private static List<DnsServer> ServersOf(DnsOptions options, TimeProvider time)
    {
        var configured = new List<IPEndPoint>();
        foreach (var text in options.Servers)
            if (DnsServerAddress.TryParse(text, out var endPoint))
                configured.Add(endPoint);
        var source = configured.Count > 0
            ? new ResolvConf(configured, options.TrustAuthenticData)
            : ResolvConf.Read(ResolvConf.SystemPath);
        var trusted = options.TrustAuthenticData || source.TrustAuthenticData;
        return [.. source.Servers.Select(endPoint => new DnsServer(endPoint, trusted, time))];
    }
}
