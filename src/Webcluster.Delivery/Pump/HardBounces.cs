using Webcluster.Queue;
using Webcluster.Queue.Events;
using Webcluster.Queue.Suppression;

namespace Webcluster.Delivery.Pump;

/// <summary>Puts on the tenant's suppression list who does not exist. Asked before the outcome is settled: nobody is forgotten.</summary>
internal sealed class HardBounces(Suppressions suppressions, DeliveryLog log)
{
    public async ValueTask AddAsync(IReadOnlyList<MailEvent> events, CancellationToken cancellation)
    {
        if (!suppressions.TakesHardBounces) return;
        List<SuppressionEntry>? entries = null;
        foreach (var mailEvent in events)
            if (mailEvent is { Suppressing: true } && Entry(mailEvent) is { } entry)
                (entries ??= []).Add(entry);
        if (entries is null) return;
        try
        {
            await suppressions.AddAsync(entries, cancellation);
        }
        catch (QueueUnavailableException)
        {
            // The heartbeat says so, and the next mail to it is refused again.
            log.NotSuppressed(entries.Count);
        }
    }

    private SuppressionEntry? Entry(MailEvent bounced) => SuppressedAddress.TryParse(bounced.Recipient ?? "", out var address)
        ? new SuppressionEntry(new SuppressionKey(bounced.Tenant ?? "", address), SuppressionReason.HardBounce, bounced.At)
        {
            ExpiresAt = suppressions.Expiry.EndOf(SuppressionReason.HardBounce, bounced.At),
            Source = bounced.Message ?? "",
            Note = bounced.Bounce ?? "",
        }
        : null;
}
