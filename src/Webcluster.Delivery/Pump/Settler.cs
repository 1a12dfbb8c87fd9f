using Webcluster.Delivery.Notifications;
using Webcluster.Delivery.Outcomes;
using Webcluster.Queue;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Makes an outcome count: tells people and metrics, stores the report to the sender where one is due, then settles. The report is stored
/// first: after a crash in between it may come twice, but is never missing.
/// </summary>
internal sealed class Settler(
    IMailQueue queue, BounceNotifier notifier, RetrySchedule schedule, DeliveryMetrics metrics, DeliveryLog log, TimeProvider time)
{
    /// <summary>Completes when the outcome is durable.</summary>
    public async Task SettleAsync(SessionId session, AttemptOutcome outcome, AttemptContext context, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        log.Outcome(outcome, context);
        metrics.Outcome(outcome, context, now);
        var told = await notifier.NotifyAsync(outcome, context, now, cancellation);
        if (!told) outcome = Postpone(outcome);
        var settlement = outcome.Settlement(schedule, now, recipient => told && notifier.IsDelayNotice(recipient, outcome.Delivery, now));
        await SettleAsync(session, settlement, cancellation);
    }

    public async Task SettleAsync(SessionId session, Settlement settlement, CancellationToken cancellation)
    {
        var verdicts = await queue.SettleAsync(session, [settlement], cancellation);
        if (verdicts[0] == SettleVerdict.Settled) return;
        metrics.Late(verdicts[0]);
        log.Late(settlement.Delivery, verdicts[0]);
    }

    // The report could not be stored: what failed is tried again later rather than failing in silence.
    private static AttemptOutcome Postpone(AttemptOutcome outcome) => outcome with
    {
        Verdicts =
        [
            .. outcome.Verdicts.Select(verdict => verdict is Verdict.Failed failed
                ? new Verdict.Deferred(failed.Scope, RetryWhen.AfterSiteTrouble, failed.Reply?.ToString() ?? failed.Explanation)
                : verdict),
        ],
    };
}
