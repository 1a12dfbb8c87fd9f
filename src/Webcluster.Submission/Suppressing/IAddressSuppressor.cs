using Webcluster.Protocol.Addresses;

namespace Webcluster.Submission.Suppressing;

/// <summary>Puts addresses where a tenant's mail goes to no more. Doing it twice is as good as once. Safe for concurrent use.</summary>
public interface IAddressSuppressor
{
    /// <exception cref="Queue.QueueUnavailableException">It is not known whether it was stored: to be tried again.</exception>
    ValueTask SuppressAsync(SuppressedRecipient recipient, CancellationToken cancellation);
}

/// <param name="Message">The id of the message that it is about; "" where it is not known.</param>
/// <param name="Note">A few words for people.</param>
public sealed record SuppressedRecipient(string Tenant, Mailbox Address, SuppressionCause Cause, string Message, string Note);

/// <summary>Why an address gets no more mail.</summary>
public enum SuppressionCause
{
    /// <summary>A report says that it does not exist, or takes no mail any more.</summary>
    HardBounce,

    /// <summary>Its owner called mail spam.</summary>
    Complaint,

    /// <summary>Its owner asked for no more.</summary>
    Unsubscribe,
}
