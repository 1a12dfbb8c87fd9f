using Webcluster.Queue.Suppression;

namespace Webcluster.Submission.Suppressing;

/// <summary>Puts them on the suppression list, for as long as entries of that reason last.</summary>
internal sealed class ListSuppressor(Suppressions suppressions, TimeProvider time) : IAddressSuppressor
{
    public async ValueTask SuppressAsync(SuppressedRecipient recipient, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var key = new SuppressionKey(recipient.Tenant, SuppressedAddress.Of(recipient.Address));
        var entry = new SuppressionEntry(key, recipient.Reason, now)
        {
            ExpiresAt = suppressions.Expiry.EndOf(recipient.Reason, now), Source = recipient.Message, Note = recipient.Note,
        };
        await suppressions.AddAsync([entry], cancellation);
    }
}
