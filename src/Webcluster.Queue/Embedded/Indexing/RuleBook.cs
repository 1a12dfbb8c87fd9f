using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// The rules, and which of them is in force for a lane or a delivery: a look-up for each name that one is known by, and none while there is
/// no rule of that scope. Guarded by the index's gate.
/// </summary>
internal sealed class RuleBook
{
    /// <summary>Rules that are done stay listed until so many newer ones are.</summary>
    private const int MostDone = 100;

    private readonly Dictionary<RuleId, ActiveRule> _rules = [];
    private readonly Dictionary<RuleTarget, List<ActiveRule>> _inForce = [];
    private readonly int[] _inForceByScope = new int[(int)Enum.GetValues<RuleScope>().Max() + 1];
    private readonly Heap<ActiveRule> _ends = new();
    private readonly HashSet<ActiveRule> _work = [];

    public IEnumerable<ActiveRule> All => _rules.Values.OrderBy(rule => rule.Stored.Row);

    /// <summary>Standing rules, and those being carried out.</summary>
    public int Active => _rules.Values.Count(IsActive);

    /// <summary>When the next rule ends by itself, in UTC ticks.</summary>
    public long NextEnd => _ends.Top?.Key ?? long.MaxValue;

    /// <summary>Those for which something is left to do, each for a step.</summary>
    public IReadOnlyList<ActiveRule> Work => [.. _work];

    public ActiveRule? Find(RuleId id) => _rules.GetValueOrDefault(id);

    public void Add(ActiveRule rule)
    {
        _rules.Add(rule.Rule.Id, rule);
        if (rule.IsWalking || rule.Stored.IsRunning)
            _work.Add(rule);
        if (!rule.Rule.IsStanding)
            return;
        if (!_inForce.TryGetValue(rule.Rule.Target, out var same))
            _inForce.Add(rule.Rule.Target, same = []);
        same.Add(rule);
        _inForceByScope[(int)rule.Rule.Target.Scope]++;
        if (rule.Rule.Until is { } until)
            _ends.Set(rule, until.UtcTicks);
    }

    /// <summary>Puts it out of force and off the list; there is work with it until <see cref="Done"/>.</summary>
    public void End(ActiveRule rule)
    {
        rule.IsOver = true;
        _rules.Remove(rule.Rule.Id);
        _ends.Remove(rule);
        _work.Add(rule);
        if (!rule.Rule.IsStanding || !_inForce.TryGetValue(rule.Rule.Target, out var same) || !same.Remove(rule))
            return;
        _inForceByScope[(int)rule.Rule.Target.Scope]--;
        if (same.Count == 0)
            _inForce.Remove(rule.Rule.Target);
    }

    /// <summary>Nothing is left to do for it.</summary>
    public void Done(ActiveRule rule) => _work.Remove(rule);

    /// <summary>The rule whose end has come; null where there is none.</summary>
    public ActiveRule? Overdue(long now) => NextEnd <= now ? _ends.Top : null;

    /// <summary>Rules that have been done for the longest, beyond those that stay listed when one more is.</summary>
    public List<ActiveRule> ToForget() =>
        [.. _rules.Values.Where(rule => !IsActive(rule)).OrderByDescending(rule => rule.Stored.Row).Skip(MostDone - 1)];

    /// <summary>The rule that stops a lane whole.</summary>
    public ActiveRule? StopperOf(Lane lane) =>
        First(RuleScope.Lane, lane.Name, stops: true) ?? First(RuleScope.Site, lane.Key.Site, stops: true)
        ?? First(RuleScope.Provider, lane.Key.Provider, stops: true);

    /// <summary>The rule that sets a delivery aside, the narrowest where there are several. What is to bounce is not held up.</summary>
    public ActiveRule? HolderOf(Delivery delivery)
    {
        if (_inForce.Count == 0 || delivery.Bounce is not null)
            return null;
        var lane = delivery.Flow.Lane;
        return ByMessage(delivery) ?? First(RuleScope.Tag, delivery.Message.Tags) ?? First(RuleScope.Domain, delivery.Domains)
            ?? First(RuleScope.Tenant, delivery.Flow.Name.Tenant) ?? First(RuleScope.Lane, lane.Name)
            ?? First(RuleScope.Site, lane.Key.Site) ?? First(RuleScope.Provider, lane.Key.Provider);
    }

    /// <summary>Is this delivery, or for a domain some recipient of it, what the rule is about?</summary>
    public static bool Matches(RuleTarget target, Delivery delivery)
    {
        var lane = delivery.Flow.Lane;
        return target.Scope switch
        {
            RuleScope.Message => delivery.Message.Id.ToString() == target.Value,
            RuleScope.Lane => lane.Name == target.Value,
            RuleScope.Site => lane.Key.Site == target.Value,
            RuleScope.Provider => lane.Key.Provider == target.Value,
            RuleScope.Domain => delivery.Domains.Contains(target.Value),
            RuleScope.Tenant => delivery.Flow.Name.Tenant == target.Value,
            RuleScope.Tag => delivery.Message.Tags.Contains(target.Value),
            _ => throw new ArgumentOutOfRangeException(nameof(target)),
        };
    }

    private static bool IsActive(ActiveRule rule) => rule.Rule.IsStanding || rule.Stored.IsRunning;

    private ActiveRule? ByMessage(Delivery delivery) =>
        _inForceByScope[(int)RuleScope.Message] == 0 ? null : First(RuleScope.Message, delivery.Message.Id.ToString());

    private ActiveRule? First(RuleScope scope, string[] names)
    {
        if (_inForceByScope[(int)scope] > 0)
            foreach (var name in names)
                if (First(scope, name) is { } rule)
                    return rule;
        return null;
    }

    private ActiveRule? First(RuleScope scope, string name, bool stops = false)
    {
        if (_inForceByScope[(int)scope] == 0 || !_inForce.TryGetValue(new RuleTarget(scope, name), out var same))
            return null;
        foreach (var rule in same)
            if (rule.Rule.StopsLanes == stops)
                return rule;
        return null;
    }
}
