using Webcluster.Queue.Lanes;
using Webcluster.Queue.Routing;

namespace Webcluster.Delivery.Pools;

/// <summary>Decides which pool a message's delivery leaves from. Pure: the rules in their order, the first that matches.</summary>
internal sealed class PoolPolicy(IEnumerable<PoolRuleOptions> rules)
{
    private readonly PoolRule[] _rules = [.. rules.Select(rule => new PoolRule(rule))];

    /// <param name="lane">Where the mail goes; its pool is of no account.</param>
    /// <param name="domain">The recipient's, in lower case.</param>
    public string PoolFor(MailOrigin origin, LaneKey lane, string domain)
    {
        foreach (var rule in _rules)
            if (rule.Matches(origin, lane, domain))
                return rule.PoolFor(origin);
        return PoolName.Default;
    }
}
