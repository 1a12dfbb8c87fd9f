using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.Dns;

/// <summary>How long answers may be used, whatever they say themselves.</summary>
internal sealed record TtlPolicy(TimeSpan Min, TimeSpan Max, TimeSpan NegativeMax, TimeSpan Failure)
{
    public TimeSpan ForRecords(TimeSpan ttl) => Clamp(ttl, Max);

    // rfc2308#5: a negative answer without an SOA is not to be kept; the least time stands for that.
    public TimeSpan ForAbsence(TimeSpan aliases, DnsRecord.Authority? authority)
    {
        var ttl = authority?.NegativeTtl ?? Min;
        return Clamp(aliases < ttl ? aliases : ttl, NegativeMax);
    }

    private TimeSpan Clamp(TimeSpan ttl, TimeSpan max) => ttl < Min ? Min : ttl > max ? max : ttl;
}

/// <summary>One question to its end: follows aliases within an answer, and by further questions where an answer leaves off.</summary>
internal sealed class DnsLookup(DnsServerPool pool, TtlPolicy ttls)
{
    /// <summary>Aliases from the name asked for to the records, as many as common resolvers follow.</summary>
    public const int MaxAliases = 8;

    public async Task<DnsAnswer<DnsRecord>> ResolveAsync(DnsQuestion question, CancellationToken cancellation)
    {
        var aliases = 0;
        var ttl = TimeSpan.MaxValue;
        var authenticated = true;
        while (true)
        {
            var reply = await pool.AskAsync(question, cancellation);
            if (reply.Response is not { } response) return Failed(reply.Failure);
            var chain = response.Follow(question, MaxAliases - aliases);
            if (chain.IsTooLong) return Failed(DnsStatus.ServerFailure);
            aliases += chain.Aliases;
            ttl = chain.Ttl < ttl ? chain.Ttl : ttl;
            authenticated &= reply.IsAuthenticated;

            if (chain.Records.Count > 0)
                return new DnsAnswer<DnsRecord>(DnsStatus.Found, chain.Records, ttls.ForRecords(ttl), authenticated);
            // rfc6604#3: the code is about the last name of the chain.
            if (response.Code == DnsResponseCode.NameError) return Absent(DnsStatus.NameError);
            if (response.Authority is not null) return Absent(DnsStatus.NoData);
            if (chain.Aliases == 0)
                // rfc2308#2.2: servers named without an SOA are a referral: this server does not resolve for us. That must not look like
                // "no MX".
                return response.IsDelegation ? Failed(DnsStatus.ServerFailure) : Absent(DnsStatus.NoData);
            question = question with { Name = chain.Name };

            DnsAnswer<DnsRecord> Absent(DnsStatus status) => new(status, [], ttls.ForAbsence(ttl, response.Authority), authenticated);
        }
    }

    private DnsAnswer<DnsRecord> Failed(DnsStatus status) => new(status, [], ttls.Failure, Authenticated: false);
}
