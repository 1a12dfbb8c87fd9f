using System.Diagnostics;
using System.Globalization;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Protocol.Units;
using Webcluster.Queue.Traffic;

namespace Webcluster.Node.Cli;

/// <summary>What a reply rule does, in words.</summary>
internal static class AdjustmentText
{
    public static string Of(ReplyRule rule)
    {
        List<string> parts = [.. rule.Adjustments.Select(adjustment => After(rule, adjustment) + Of(adjustment))];
        if (rule.LearnsMessagesPerConnection) parts.Add("as many messages per connection as this one has carried");
        if (rule.Retry) parts.Add("try the mail again");
        return parts.Count == 0 ? "nothing" : string.Join(", ", parts);
    }

    private static string After(ReplyRule rule, Adjustment adjustment) =>
        rule.After is { } often && adjustment is Adjustment.Suspend ? $"after {often}: " : "";

    private static string Of(Adjustment adjustment) => adjustment switch
    {
        Adjustment.SlowDown slower => string.Create(CultureInfo.InvariantCulture, $"slow down to {slower.Factor:P0}").Replace(" %", "%"),
        Adjustment.FewerConnections => "one connection fewer",
        Adjustment.MessagesPerConnection messages => $"{messages.Messages} messages per connection",
        Adjustment.Suspend suspend => $"suspend for {Duration.Format(suspend.For)}",
        Adjustment.Complaint => "complaint",
        _ => throw new UnreachableException(),
    };
}
