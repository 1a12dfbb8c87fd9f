using System.Diagnostics;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Delivery.Outcomes;

/// <summary>
/// What one attempt at one delivery came to: a verdict for each of its recipients, and how long to wait where some remain.
/// </summary>
internal sealed record AttemptOutcome(ClaimedDelivery Delivery, IReadOnlyList<Verdict> Verdicts)
{
    public IEnumerable<(QueuedRecipient Recipient, Verdict Verdict)> Each() => Delivery.Recipients.Zip(Verdicts);

    public bool Has<TVerdict>() where TVerdict : Verdict => Verdicts.Any(verdict => verdict is TVerdict);

    /// <summary>The settlement that says the same to the queue.</summary>
    /// <param name="delayNotified">Recipients whose sender this attempt told of the delay.</param>
    public Settlement Settlement(RetrySchedule schedule, DateTimeOffset now, Func<QueuedRecipient, bool> delayNotified)
    {
        var (remaining, next) = (new List<QueuedRecipient>(), 0);
        var when = RetryWhen.AtOnce;
        foreach (var (recipient, verdict) in Each())
        {
            if (verdict is not Verdict.Deferred deferred) continue;
            var notified = recipient.DelayNotified || (deferred.IsDelay && delayNotified(recipient));
            var left = recipient with { LastReply = deferred.Explanation, DelayNotified = notified };
            // Who had no turn is the first to have one: those before him may be refused again and again.
            if (deferred.When == RetryWhen.AtOnce) remaining.Insert(next++, left);
            else remaining.Add(left);
            when = Longer(when, deferred.When);
        }

        // It shrinks each time: those who had no turn do not wait for those who were put off, one by one.
        if (next > 0 && remaining.Count < Delivery.Recipients.Count && !PutsOffTogether()) when = RetryWhen.AtOnce;
        if (remaining.Count == 0) return new Settlement.Done(Delivery.Id, Sent: Has<Verdict.Delivered>());
        if (when == RetryWhen.AtOnce && remaining.Count == Delivery.Recipients.Count) return new Settlement.Returned(Delivery.Id);
        return new Settlement.Deferred(Delivery.Id, remaining, Wait(when, schedule, now), CountsAttempt: when == RetryWhen.AfterAttempt);
    }

    /// <summary>The content was refused for now, may have been taken without a reply, or the site had trouble: all wait, that nobody gets
    /// it twice at once.</summary>
    private bool PutsOffTogether() =>
        Verdicts.Any(verdict => verdict is Verdict.Deferred { Scope: Scope.Message or Scope.Site, When: not RetryWhen.AtOnce });

    private TimeSpan Wait(RetryWhen when, RetrySchedule schedule, DateTimeOffset now)
    {
        var wait = when switch
        {
            RetryWhen.AtOnce => TimeSpan.Zero,
            RetryWhen.AfterAttempt => schedule.AfterAttempt(Delivery.Attempts),
            RetryWhen.AfterSiteTrouble => schedule.AfterSiteTrouble(now - Delivery.AcceptedAt),
            _ => throw new UnreachableException(),
        };
        // It fails when it expires, not hours after.
        var left = Delivery.ExpiresAt - now;
        return left > TimeSpan.Zero && wait > left ? left : wait;
    }

    private static RetryWhen Longer(RetryWhen a, RetryWhen b) => a == RetryWhen.AfterAttempt || b == RetryWhen.AtOnce ? a : b;
}
