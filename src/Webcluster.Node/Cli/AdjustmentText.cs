using System.Diagnostics;
using System.Globalization;
using Webcluster.Protocol.Units;
using Webcluster.Queue.Traffic;

namespace Webcluster.Node.Cli;

/// <summary>What a reply rule does, in words.</summary>
internal static class AdjustmentText
{
    public static string Of(IReadOnlyList<Adjustment> adjustments) =>
        adjustments.Count == 0 ? "nothing" : string.Join(", ", adjustments.Select(Of));

    private static string Of(Adjustment adjustment) => adjustment switch
    {
        Adjustment.SlowDown slower => string.Create(CultureInfo.InvariantCulture, $"slow down to {slower.Factor:P0}").Replace(" %", "%"),
        Adjustment.FewerConnections => "one connection fewer",
        Adjustment.MessagesPerConnection messages => $"{messages.Messages} messages per connection",
        Adjustment.Suspend suspend => $"suspend for {Duration.Format(suspend.For)}",
        _ => throw new UnreachableException(),
    };
}
