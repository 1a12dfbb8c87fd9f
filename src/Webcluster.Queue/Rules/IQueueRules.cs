namespace Webcluster.Queue.Rules;

/// <summary>
/// The operators' rules, kept in the queue: in force on every node from the moment they are stored, and over restarts. All queues pass one
/// contract suite. Safe for concurrent use.
/// <para>
/// A standing rule reaches what waits and what comes later; where several match, taking one away leaves the others. Mail is accepted all
/// the same, its expiry goes on, and what has expired fails when it is let go. What a session has claimed goes on.
/// </para>
/// <para>
/// The other rules go once through what is queued when they are added, in steps of some hundred deliveries, each step durable together with
/// how far it came: after a crash they go on there. What a rule by message is about is found at once, without going through the queue.
/// </para>
/// <para>
/// A delivery with recipients of several domains matches a rule by domain where one of them does. It is held, expedited and moved whole;
/// bounced and dropped are only the recipients of that domain, the others go on as a delivery of their own.
/// </para>
/// </summary>
public interface IQueueRules
{
    /// <summary>
    /// Stores a rule that has no <see cref="RuleProblems"/>. When it returns <see cref="AddRuleResult.Added"/> it is in force.
    /// </summary>
    /// <exception cref="ArgumentException">The rule has a problem.</exception>
    Task<AddRuleResult> AddRuleAsync(QueueRule rule, CancellationToken cancellation);

    /// <summary>
    /// Takes a rule away: a standing one is over and what it held goes on; one that is still being carried out stops where it is; one that
    /// is done is forgotten.
    /// </summary>
    Task<EndRuleResult> EndRuleAsync(RuleId id, CancellationToken cancellation);

    /// <summary>Every rule in force, and the latest of those that are done; in the order in which they were added.</summary>
    ValueTask<IReadOnlyList<RuleStatus>> RulesAsync(CancellationToken cancellation);
}

public enum AddRuleResult
{
    Added,

    /// <summary>The same id is there already; nothing was changed.</summary>
    AlreadyAdded,

    /// <summary>As many rules as there may be are in force.</summary>
    TooMany,

    /// <summary>The store cannot be written or reached; nothing was promised.</summary>
    Unavailable,
}

public enum EndRuleResult
{
    Ended,

    /// <summary>There is no such rule (any more).</summary>
    Unknown,

    /// <summary>The store cannot be written or reached; the rule stands.</summary>
    Unavailable,
}
