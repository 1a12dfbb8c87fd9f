using Webcluster.Delivery.Notifications;
using Webcluster.Delivery.Outcomes;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Makes an outcome count: stores the report to the sender where one is due, tells people and metrics, then settles. The report is stored
/// first: after a crash in between it may come twice, but is never missing. So is an address that is to get no more mail.
/// </summary>
internal sealed class Settler(
    IMailQueue queue, BounceNotifier notifier, BouncedAddresses bounced, AttemptEvents events, RetrySchedule schedule, Witnesses told,
    TimeProvider time)
{
    /// <summary>Completes when the outcome is durable.</summary>
    public async Task SettleAsync(SessionId session, AttemptOutcome outcome, AttemptContext context, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var isTold = await TryNotifyAsync(session, outcome, context, now, cancellation);
        if (!isTold) outcome = Postpone(outcome);
        told.Log.Outcome(outcome, context);
        told.Metrics.Outcome(outcome, context, now);
        var settlement = outcome.Settlement(schedule, now, recipient => isTold && notifier.IsDelayNotice(recipient, outcome.Delivery, now));
        var happened = await bounced.SuppressAsync(events.Of(outcome, context, settlement, now), cancellation);
        await SettleAsync(session, settlement with { Events = happened }, cancellation);
    }

    /// <param name="lanes">From, to.</param>
    public Task RerouteAsync(SessionId session, ClaimedDelivery delivery, (LaneKey From, LaneKey To) lanes, CancellationToken cancellation)
    {
        var context = new AttemptContext(lanes.From, null, null, TimeSpan.Zero);
        var moved = events.Moved(new AttemptOutcome(delivery, []), context, lanes.To, time.GetUtcNow());
        return SettleAsync(session, new Settlement.Rerouted(delivery.Id, lanes.To) { Events = [moved] }, cancellation);
    }

    private async Task SettleAsync(SessionId session, Settlement settlement, CancellationToken cancellation)
    {
        var verdicts = await queue.SettleAsync(session, [settlement], cancellation);
        if (verdicts[0] == SettleVerdict.Settled) return;
        told.Metrics.Late(verdicts[0]);
        told.Log.Late(settlement.Delivery, verdicts[0]);
    }

    private async ValueTask<bool> TryNotifyAsync(
        SessionId session, AttemptOutcome outcome, AttemptContext context, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return await notifier.NotifyAsync(session, outcome, context, now, cancellation);
        }
        catch (OperationCanceledException)
        {
            // No time is left for it; who has the mail is still to be settled.
            return false;
        }
    }

    // The report could not be stored: what failed is tried again later rather than failing in silence.
    private static AttemptOutcome Postpone(AttemptOutcome outcome) => outcome with
    {
        Verdicts =
        [
            .. outcome.Verdicts.Select(verdict => verdict is Verdict.Failed failed
                ? new Verdict.Deferred(failed.Scope, RetryWhen.AfterSiteTrouble, failed.Reply?.ToString() ?? failed.Explanation)
                {
                    Meaning = failed.Meaning,
                }
                : verdict),
        ],
    };
}
