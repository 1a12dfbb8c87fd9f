using System.Collections.Frozen;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Routing;

namespace Webcluster.Delivery.Pools;

/// <summary>One rule, compiled. Without a condition it matches everything.</summary>
internal sealed class PoolRule(PoolRuleOptions options)
{
    private readonly FrozenSet<string> _users = options.Users.ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _tenants = options.Tenants.ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _asked = options.Asked.ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<MailClass> _classes = options.Classes.ToFrozenSet();
    private readonly DomainSet _senders = new(options.SenderDomains);
    private readonly DomainSet _destinations = new(options.Destinations);

    public bool Matches(MailOrigin origin, LaneKey lane, string domain) =>
        (_users.Count == 0 || _users.Contains(origin.User))
        && (_tenants.Count == 0 || _tenants.Contains(origin.Tenant))
        && (_asked.Count == 0 || (origin.AskedPool is { } asked && _asked.Contains(asked)))
        && (_classes.Count == 0 || _classes.Contains(origin.Class))
        && (_senders.IsEmpty || _senders.Contains(origin.SenderDomain))
        && (_destinations.IsEmpty || _destinations.Contains(domain) || _destinations.Names(lane.Provider));

    /// <summary>Of a rule that matches.</summary>
    public string PoolFor(MailOrigin origin) => options.Pool.Length > 0 ? options.Pool : origin.AskedPool!;
}
