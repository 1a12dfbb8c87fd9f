namespace Webcluster.Queue.Lanes;

/// <summary>
/// One queue: a site (a set of MX hosts, one place a connection can go to) and the pool its mail leaves from. The provider whose limits
/// apply is part of the key, because a provider's lanes live together on one shard. Ordinal, case matters: makers lower the case.
/// </summary>
public sealed record LaneKey(string Provider, string Site, string Pool)
{
    /// <summary>
    /// Where bounced deliveries wait for the session that settles them: a lane like any other but that it needs no connection. No site has
    /// an empty name.
    /// </summary>
    public static LaneKey Bounces { get; } = new("", "", "bounce");

    /// <summary>Reads what <see cref="ToString"/> writes. No provider has a slash in its name, no pool a bar.</summary>
    /// <returns>Null where it is no lane.</returns>
    public static LaneKey? Parse(string text)
    {
        var bar = text.LastIndexOf('|');
        if (bar < 0)
            return null;
        var (place, pool) = (text[..bar], text[(bar + 1)..]);
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new LaneKey(place, place, pool) : new LaneKey(place[..slash], place[(slash + 1)..], pool);
    }

    public override string ToString() => Provider == Site ? $"{Site}|{Pool}" : $"{Provider}/{Site}|{Pool}";
}

/// <summary>How urgent mail is; the weight in fair sharing inside a lane. The numbers are stored.</summary>
public enum MailClass : byte { Transactional = 0, Normal = 1, Bulk = 2 }

/// <summary>The unit of fair sharing inside a lane.</summary>
public readonly record struct FlowKey(MailClass Class, string Tenant);
