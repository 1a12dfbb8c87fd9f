using Webcluster.Delivery.Outcomes;
using Webcluster.Protocol.Classification;
using Webcluster.Queue;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Suppression;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Puts on the tenant's suppression list who does not exist, and whose mail fails again and again. Asked before the outcome is settled:
/// nobody is forgotten.
/// </summary>
internal sealed class BouncedAddresses(Suppressions suppressions, RepeatedSoft repeated, DeliveryLog log)
{
    /// <returns>The events; one that put its address on the list says so.</returns>
    public async ValueTask<IReadOnlyList<MailEvent>> SuppressAsync(IReadOnlyList<RecipientEvent> happened, CancellationToken cancellation)
    {
        var events = happened.Select(one => one.Event).ToArray();
        try
        {
            if (happened.Any(one => one.Meaning is not null))
            {
                await SuppressHardAsync(happened, events, cancellation);
                await CountSoftAsync(happened, events, cancellation);
            }

            if (repeated.IsCounting) await EndCountsAsync(events, cancellation);
        }
        catch (Exception trouble) when (trouble is QueueUnavailableException or OperationCanceledException)
        {
            // The heartbeat says so, or no time is left. The outcome counts all the same, and the next mail to them is refused again.
            log.NotSuppressed(events.Length);
        }
        catch (Exception fault)
        {
            // Whatever keeps an address from the list: an outcome that is not settled is mail that is sent again.
            log.SuppressingFailed(fault, events.Length);
        }

        return events;
    }

    private async ValueTask SuppressHardAsync(IReadOnlyList<RecipientEvent> happened, MailEvent[] events, CancellationToken cancellation)
    {
        if (!suppressions.TakesHardBounces) return;
        var (entries, suppressing) = (new List<SuppressionEntry>(), new List<int>());
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].Kind != MailEventKind.Bounced || happened[i].Meaning?.Suppresses() != true) continue;
            if (KeyOf(events[i]) is not { } key) continue;
            entries.Add(Entry(key, events[i]));
            suppressing.Add(i);
        }

        if (entries.Count == 0) return;
        await suppressions.AddAsync(entries, cancellation);
        foreach (var i in suppressing) events[i] = events[i] with { Suppressing = true };
    }

    private async ValueTask CountSoftAsync(IReadOnlyList<RecipientEvent> happened, MailEvent[] events, CancellationToken cancellation)
    {
        var (failures, counted) = (new List<SoftFailure>(), new List<int>());
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].Kind is not (MailEventKind.Bounced or MailEventKind.Expired)) continue;
            if (happened[i].Meaning?.IsSoftFailure() != true) continue;
            if (KeyOf(events[i]) is not { } key || !MessageId.TryParse(events[i].Message, out var message)) continue;
            failures.Add(new SoftFailure(key, message, events[i].Bounce ?? ""));
            counted.Add(i);
        }

        if (failures.Count == 0) return;
        foreach (var (i, isEnough) in counted.Zip(await repeated.FailedAsync(failures, cancellation)))
        {
            if (!isEnough) continue;
            events[i] = events[i] with { Suppressing = true };
            log.SuppressedRepeatedly(events[i].Recipient!, events[i].Tenant ?? "", events[i].Bounce ?? "");
        }
    }

    private async ValueTask EndCountsAsync(MailEvent[] events, CancellationToken cancellation)
    {
        foreach (var mailEvent in events)
            if (mailEvent.Kind == MailEventKind.Delivered && KeyOf(mailEvent) is { } key)
                await repeated.DeliveredAsync(key, cancellation);
    }

    private static SuppressionKey? KeyOf(MailEvent mailEvent) => SuppressedAddress.TryParse(mailEvent.Recipient ?? "", out var address)
        ? new SuppressionKey(mailEvent.Tenant ?? "", address)
        : null;

    private SuppressionEntry Entry(SuppressionKey key, MailEvent bounced) => new(key, SuppressionReason.HardBounce, bounced.At)
    {
        ExpiresAt = suppressions.Expiry.EndOf(SuppressionReason.HardBounce, bounced.At),
        Source = bounced.Message ?? "",
        Note = bounced.Bounce ?? "",
    };
}
