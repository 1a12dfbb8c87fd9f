namespace Webcluster.Delivery.Dns;

/// <summary>How names are resolved.</summary>
public sealed class DnsOptions
{
    /// <summary>
    /// Recursive servers, asked in this order: "192.0.2.53", "192.0.2.53:5353" or "[2001:db8::53]:53". Default: those of
    /// /etc/resolv.conf.
    /// </summary>
    public List<string> Servers { get; set; } = [];

    /// <summary>
    /// Believe these servers when they say that an answer is validated (DANE rests on it). Default: false, as "trust-ad" of resolv.conf(5);
    /// set it only where nobody can forge packets on the way. Servers on a loopback address are
    /// always believed, but for 127.0.0.11: Docker's, which validates nothing and passes on what another says.
    /// </summary>
    public bool TrustAuthenticData { get; set; }

    /// <summary>
    /// How long one try waits for its answer. Default: 2 s, below the 5 s of resolv.conf(5), because a client waits for the answer.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Tries for one question, over all servers. Default: 3, one more than resolv.conf(5).</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>Lookups under way at once; further callers wait for their turn. Default: 512, each holds one socket.</summary>
    public int MaxInFlight { get; set; } = 512;

    /// <summary>
    /// Answers kept, oldest use first to go; one with more than 1 KiB of text counts as several. Default: 50,000, about 20 MB.
    /// </summary>
    public int CacheEntries { get; set; } = 50_000;

    /// <summary>
    /// An answer is kept at least so long, whatever its TTL. Default: 5 s, so that a TTL of 0 does not cost a query a message.
    /// </summary>
    public TimeSpan MinTtl { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>An answer is kept at most so long. Default: 1 day, as most resolvers do.</summary>
    public TimeSpan MaxTtl { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// "No such name" and "no such record" are kept at most so long. Default: 5 min; RFC 2308 §5 allows hours, but new domains are
    /// mailed soon.
    /// </summary>
    public TimeSpan NegativeTtlMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A failure is kept so long. Default: 5 s, the start of the range of RFC 9520 §3.2; RFC 2308 §7 allows at most 5 min.
    /// </summary>
    public TimeSpan FailureTtl { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Values that do not fit together or into their range; all of them.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        foreach (var server in Servers)
            if (!DnsServerAddress.TryParse(server, out _))
                yield return ("servers", $"'{server}' is not an IP address with an optional port");
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(1))
            yield return ("timeout", "must be more than 0 and at most 1 min");
        if (Attempts is < 1 or > 20) yield return ("attempts", "must be 1 to 20");
        if (MaxInFlight is < 1 or > 100_000) yield return ("max_in_flight", "must be 1 to 100,000");
        if (CacheEntries is < 1 or > 10_000_000) yield return ("cache_entries", "must be 1 to 10,000,000");
        if (MinTtl < TimeSpan.Zero || MinTtl > MaxTtl) yield return ("min_ttl", "must be neither negative nor above max_ttl");
        if (MaxTtl > TimeSpan.FromDays(7)) yield return ("max_ttl", "must be at most 7 d");
        if (NegativeTtlMax < MinTtl || NegativeTtlMax > MaxTtl)
            yield return ("negative_ttl_max", "must lie between min_ttl and max_ttl");
        if (FailureTtl < TimeSpan.Zero || FailureTtl > TimeSpan.FromMinutes(5)) yield return ("failure_ttl", "must be 0 to 5 min");
    }
}
