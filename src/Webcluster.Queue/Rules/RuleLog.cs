using Microsoft.Extensions.Logging;

namespace Webcluster.Queue.Rules;

/// <summary>What becomes of rules, whatever the queue. Event ids 2010 to 2019.</summary>
internal static partial class RuleLog
{
    [LoggerMessage(2010, LogLevel.Warning, "rule {Id} added: {Rule} until {Until}, by {Author}: {Reason}")]
    public static partial void RuleAdded(
        this ILogger logger, RuleId id, QueueRule rule, DateTimeOffset? until, string author, string reason);

    [LoggerMessage(2011, LogLevel.Warning, "rule {Id} taken away: {Rule}")]
    public static partial void RuleTakenAway(this ILogger logger, RuleId id, QueueRule rule);

    [LoggerMessage(2012, LogLevel.Warning, "rule {Id} has come to its end: {Rule}")]
    public static partial void RuleOver(this ILogger logger, RuleId id, QueueRule rule);

    [LoggerMessage(2013, LogLevel.Warning, "rule {Id} carried out: {Rule}: {Done} deliveries, {UnderWay} more were under way")]
    public static partial void RuleCarriedOut(this ILogger logger, RuleId id, QueueRule rule, long done, long underWay);

    [LoggerMessage(2014, LogLevel.Error, "rule {Id} is delayed: the queue cannot be read or written")]
    public static partial void RuleDelayed(this ILogger logger, Exception fault, RuleId id);

    [LoggerMessage(2015, LogLevel.Error, "rules are delayed on shard {Shard}: the queue cannot be read or written")]
    public static partial void RulesDelayed(this ILogger logger, Exception fault, int shard);
}
