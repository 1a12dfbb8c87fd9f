using System.Globalization;
using Webcluster.Node.Http;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;

namespace Webcluster.Node.Cli;

/// <summary>Why mail waits, in lines for people.</summary>
internal static class WaitingText
{
    public static IEnumerable<string> Of(WaitingView waiting) => waiting.Deliveries.SelectMany(Of).Concat(waiting.Lanes.SelectMany(Of));

    private static IEnumerable<string> Of(WaitingDelivery delivery)
    {
        yield return $"delivery {delivery.Id}";
        yield return Line("lane", delivery.Lane);
        yield return Line("waits", Reason(delivery.Waits));
        foreach (var rule in Of(delivery.Rule)) yield return rule;
        yield return Line("next try", Time(delivery.NextAttempt));
        yield return Line("attempts", Number(delivery.Attempts));
        foreach (var reply in delivery.LastReplies) yield return Line("last reply", OneLine(reply));
    }

    private static IEnumerable<string> Of(WaitingLane lane)
    {
        var counts = lane.Counts;
        yield return $"lane {lane.Lane}";
        yield return Line("provider", lane.Provider);
        yield return Line("waits", Reason(lane.Waits));
        foreach (var rule in Of(lane.Rule)) yield return rule;
        if (lane.NextDue is { } due) yield return Line("next due", Time(due));
        yield return Line("mail", string.Create(CultureInfo.InvariantCulture,
            $"{counts.Ready} ready, {counts.Scheduled} scheduled, {counts.Claimed} under way, {counts.Held} held"));
        yield return Line("sessions", counts.Window is { } window ? $"{Number(counts.Sessions)} of {Number(window)}" : Number(counts.Sessions));
        foreach (var limit in lane.Limits) yield return Line("limit", $"{limit.Key} {limit.Value}  ({limit.Origin})");
        foreach (var source in lane.Sources) yield return Line("source", Of(source));
    }

    private static IEnumerable<string> Of(HoldingRuleView? rule)
    {
        if (rule is null) yield break;
        var until = rule.Until is { } end ? $" until {Time(end)}" : "";
        var author = rule.Author is { } by ? $", by {by}" : "";
        var what = $"{JsonAnswers.Word(rule.Action)} {JsonAnswers.Word(rule.Scope)} {rule.Value}";
        yield return Line("rule", OneLine($"{what}{until}{author}: {rule.Reason} ({rule.Id})"));
    }

    private static string Of(TrafficStatus source)
    {
        List<string> parts = [$"{Number(source.Connections)} connections"];
        if (source.SuspendedUntil is { } until) parts.Add($"suspended until {Time(until)}");
        if (source.MessageRate is { } rate) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rate * 60:0.#} messages a minute"));
        if (source.MostConnections is { } most) parts.Add($"at most {Number(most)} connections");
        if (source.MessagesPerConnection is { } carries) parts.Add($"{Number(carries)} messages per connection");
        if (source.Warmup is { } warmup)
            parts.Add($"warm-up {warmup.Plan} step {Number(warmup.Step)}, {Number(warmup.Used)} used");
        if (source is { Reply: { } reply, ChangedAt: { } at }) parts.Add($"since {Time(at)}: {OneLine(reply)}");
        return $"{(source.Source.Length > 0 ? source.Source : "system")}: {string.Join(", ", parts)}";
    }

    private static string Line(string name, string value) => $"  {name,-10}  {value}";

    private static string Reason(WaitReason? reason) => reason is { } known ? JsonAnswers.Word(known) : "no: it is under way, or goes next";

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // What others wrote must not move the cursor of whoever reads it.
    private static string OneLine(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? '?' : c));
}
