namespace Webcluster.Queue.Rules;

/// <summary>A rule and what has come of it so far.</summary>
/// <param name="Holds">
/// For a standing rule: the deliveries that wait because of it. Grows while the queue is still being gone through.
/// </param>
/// <param name="Done">For the others: deliveries it has been carried out on.</param>
/// <param name="UnderWay">
/// For the others: deliveries that a session had claimed when their turn came. What is under way cannot be stopped; what comes back of it
/// waits as if there were no rule.
/// </param>
/// <param name="IsRunning">The queue is still being gone through.</param>
public sealed record RuleStatus(QueueRule Rule, long Holds, long Done, long UnderWay, bool IsRunning);
