using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Suppression;

namespace Webcluster.Submission.Suppressing;

/// <summary>Puts addresses where a tenant's mail goes to no more. Doing it twice is as good as once. Safe for concurrent use.</summary>
public interface IAddressSuppressor
{
    /// <returns>Whether it gets none from now on; false: it takes more such failures, or none of that reason is
    /// put there.</returns>
    /// <exception cref="Queue.QueueUnavailableException">It is not known whether it was stored: to be tried again.</exception>
    ValueTask<bool> SuppressAsync(SuppressedRecipient recipient, CancellationToken cancellation);
}

/// <param name="Message">The id of the message that it is about; "" where it is not known.</param>
/// <param name="Note">A few words for people.</param>
public sealed record SuppressedRecipient(string Tenant, Mailbox Address, SuppressionReason Reason, string Message, string Note);
