using System.Collections.Concurrent;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Traffic;

/// <summary>
/// Looks at what providers answer: where a rule says that a reply asks for less, the queue is told, and all nodes hold to it from their
/// next claim on.
/// </summary>
internal sealed class ReplyWatch(ProviderBook providers, IMailQueue queue, DeliveryLog log, TimeProvider time)
{
    // Rules that act only after several replies; a full memory forgets all.
    private const int MostCounters = 10_000;

    private readonly ConcurrentDictionary<Counted, Matches> _matches = new();
    private readonly CarriedCounts _carried = new();

    /// <param name="source">Where the connection leaves from.</param>
    /// <returns>The rule that knows it; null: none does.</returns>
    public ReplyRule? Find(LaneKey lane, string source, Refusal refusal) => providers.PolicyOf(lane, source).Rules.Find(refusal);

    /// <summary>A rule's reply has come.</summary>
    public async ValueTask ActAsync(LaneKey lane, string source, ReplyRule rule, Refusal refusal, CancellationToken cancellation)
    {
        var suspends = IsEnough(lane, source, rule);
        foreach (var adjustment in Adjustments(lane, source, rule, refusal))
            if (adjustment is not Adjustment.Suspend || suspends)
                await AdjustAsync(lane, source, adjustment, new Cause($"rule {rule.Name}", refusal.Reply), cancellation);
    }

    /// <summary>Tells the queue that a reply asks for less.</summary>
    public async ValueTask AdjustAsync(LaneKey lane, string source, Adjustment adjustment, Cause cause, CancellationToken cancellation)
    {
        if (await ChangedAsync(lane, source, adjustment, cause.Reply, cancellation)) log.Adjusted(lane, source, adjustment, cause);
    }

    /// <summary>Who is sent away again after as many messages on a connection sends fewer on each, and not slower.</summary>
    private IEnumerable<Adjustment> Adjustments(LaneKey lane, string source, ReplyRule rule, Refusal refusal) =>
        rule.Acts && refusal.IsOfSender && _carried.IsTheSameAgain(lane.Provider, source, refusal.Carried)
            ? [new Adjustment.MessagesPerConnection(refusal.Carried)]
            : rule.AdjustmentsFor(refusal);

    private async ValueTask<bool> ChangedAsync(
        LaneKey lane, string source, Adjustment adjustment, SmtpReply reply, CancellationToken cancellation)
    {
        try
        {
            return queue is ITrafficControl control
                && await control.AdjustAsync(lane.Provider, source, adjustment, reply.ToString(), cancellation);
        }
        catch (Exception trouble) when (trouble is QueueUnavailableException or OperationCanceledException)
        {
            // The heartbeat says so, or no time is left. The outcome counts all the same, and the next such reply comes.
            return false;
        }
    }

    private bool IsEnough(LaneKey lane, string source, ReplyRule rule)
    {
        if (rule.After is not { } after) return true;
        if (_matches.Count >= MostCounters) _matches.Clear();
        return _matches.GetOrAdd(new Counted(lane.Provider, source, rule.Name), _ => new Matches()).Add(time.GetUtcNow(), after);
    }

    private sealed record Counted(string Provider, string Source, string Rule);

    /// <summary>When a rule matched, as far back as it matters.</summary>
    private sealed class Matches
    {
        private readonly Queue<DateTimeOffset> _times = new();

        /// <returns>Whether that was often enough; then counting begins anew.</returns>
        public bool Add(DateTimeOffset now, Rate after)
        {
            lock (_times)
            {
                _times.Enqueue(now);
                while (_times.Peek() <= now - after.Per || _times.Count > after.Amount) _times.Dequeue();
                if (_times.Count < after.Amount) return false;
                _times.Clear();
                return true;
            }
        }
    }
}
