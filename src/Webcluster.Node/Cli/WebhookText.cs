using System.Globalization;
using Webcluster.Node.Http;
using Webcluster.Node.Webhooks.State;

namespace Webcluster.Node.Cli;

/// <summary>How `webhook` shows endpoints.</summary>
internal static class WebhookText
{
    public static string Line(WebhookView one)
    {
        var why = one switch
        {
            { Reason: { } reason } => $": {reason}",
            { NextProbe: { } probe } => $" since {Time(one.FailingSince ?? probe)}, next probe {Time(probe)}",
            { FailingSince: { } since } => $" since {Time(since)}",
            _ => "",
        };
        return $"{one.Name}\t{JsonAnswers.Word(one.Condition)}{why}\t{one.Parked} parked\t{one.Delivered} delivered\t{one.Url}";
    }

    public static IEnumerable<string> Lines(WebhookDetail detail)
    {
        var one = detail.Webhook;
        yield return Line(one);
        yield return $"events      {(one.Events.Count == 0 ? "all" : string.Join(", ", one.Events.Select(JsonAnswers.Word)))}, "
            + $"{(one.Tenant is { } tenant ? $"of tenant {tenant}" : "of all tenants")}, {one.Batch} in a request";
        yield return $"node        {one.Node ?? "none"}";
        yield return $"not sent    {one.GivenUp} given up, {one.Missed} missed";
        if (one.Replays > 0) yield return $"replays     {one.Replays}";
        foreach (var parked in detail.Parked)
            yield return $"parked      {parked.Id}\t{parked.Type}\t{parked.Failures} attempts\tdue {Time(parked.Due)}";
        foreach (var attempt in detail.Attempts) yield return Line(attempt);
    }

    private static string Line(Attempt attempt)
    {
        var events = attempt.Events > 1 ? $" and {attempt.Events - 1} more" : "";
        var answer = attempt.Error ?? attempt.Status?.ToString(CultureInfo.InvariantCulture) ?? "-";
        return $"{Time(attempt.At)}  {attempt.Id}\t{attempt.Type}{events}\t{answer}\t{attempt.TookMs} ms";
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
