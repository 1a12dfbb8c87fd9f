using Webcluster.Queue.Messages;
using Webcluster.Queue.Suppression;

namespace Webcluster.Submission.Suppressing;

/// <summary>Puts them on the suppression list, for as long as entries of that reason last; who failed in a way that may pass only where it
/// does so again and again.</summary>
internal sealed class ListSuppressor(Suppressions suppressions, RepeatedSoft repeated, TimeProvider time) : IAddressSuppressor
{
    public async ValueTask<bool> SuppressAsync(SuppressedRecipient recipient, CancellationToken cancellation)
    {
        var key = new SuppressionKey(recipient.Tenant, SuppressedAddress.Of(recipient.Address));
        if (recipient.Reason == SuppressionReason.RepeatedSoft)
            return MessageId.TryParse(recipient.Message, out var message)
                && (await repeated.FailedAsync([new SoftFailure(key, message, recipient.Note) { IsLater = true }], cancellation))[0];
        if (recipient.Reason == SuppressionReason.HardBounce && !suppressions.TakesHardBounces) return false;
        var now = time.GetUtcNow();
        var entry = new SuppressionEntry(key, recipient.Reason, now)
        {
            ExpiresAt = suppressions.Expiry.EndOf(recipient.Reason, now), Source = recipient.Message, Note = recipient.Note,
        };
        await suppressions.AddAsync([entry], cancellation);
        return true;
    }
}
