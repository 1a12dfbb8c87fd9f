namespace Webcluster.Delivery.Dns;

/// <summary>
/// How a lookup ended. The first three are the DNS's word; the last two say nothing about the name, and it is to be asked again.
/// </summary>
public enum DnsStatus
{
    Found,

    /// <summary>The name exists and has no record of this type.</summary>
    NoData,

    /// <summary>There is no such name (NXDOMAIN).</summary>
    NameError,

    /// <summary>A server said that it failed or refused, or the answer made no sense.</summary>
    ServerFailure,

    /// <summary>No server answered.</summary>
    TimedOut,
}

/// <param name="Records">Empty unless Found.</param>
/// <param name="Ttl">How much longer this answer may be used.</param>
/// <param name="Authenticated">A server whose word is trusted says that it validated the whole answer (DNSSEC).</param>
public sealed record DnsAnswer<T>(DnsStatus Status, IReadOnlyList<T> Records, TimeSpan Ttl, bool Authenticated)
{
    /// <summary>Of one address family nothing is known: there may be more than these.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Nothing is known: ask again later.</summary>
    public bool IsTemporary => Status is DnsStatus.ServerFailure or DnsStatus.TimedOut;
}
