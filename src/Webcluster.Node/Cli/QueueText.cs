using Webcluster.Node.Http;

namespace Webcluster.Node.Cli;

/// <summary>What is queued, in lines for people: all of it, then a lane a line.</summary>
internal static class QueueText
{
    public static IEnumerable<string> Of(QueueView queue)
    {
        if (queue.Reason is { } reason) yield return $"no mail is taken now: {JsonAnswers.Word(reason)}";
        var counts = queue.Counts;
        yield return FormattableString.Invariant(
            $"{counts.Messages} messages in {counts.Lanes} lanes: {counts.Ready} ready, {counts.Scheduled} scheduled, {counts.Claimed} under way, {counts.Held} held")
            + (counts.OldestReady is { } oldest ? FormattableString.Invariant($"; the oldest ready since {oldest:u}") : "");
        foreach (var lane in queue.Lanes)
        {
            yield return FormattableString.Invariant(
                $"{lane.Lane}\t{lane.Ready} ready\t{lane.Scheduled} scheduled\t{lane.Claimed} under way\t{lane.Held} held\t{lane.Sessions} sessions")
                + (lane.NextDue is { } due ? FormattableString.Invariant($"\tnext due {due:u}") : "")
                + (lane.Waits is { } waits ? $"\twaits: {JsonAnswers.Word(waits)}" : "");
        }
    }
}
