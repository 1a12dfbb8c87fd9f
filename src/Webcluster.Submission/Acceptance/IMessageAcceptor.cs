using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dkim;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Acceptance;

/// <summary>What a session gives its mail to: it decides who may be written to, and what becomes of a message. Safe for concurrent use.</summary>
internal interface IMessageAcceptor
{
    /// <summary>True while nothing can be accepted, with what to say.</summary>
    bool RefusesAll(out ServerReply refusal);

    /// <summary>Why a recipient of a tenant's mail is refused, where that is known when it is named; null where it is not.</summary>
    ValueTask<ServerReply?> RefusesAsync(Mailbox recipient, string tenant, CancellationToken cancellation);

    /// <summary>What hashes the body of the next message while it arrives, the caller's to dispose; null where no hash will be wanted.</summary>
    ArrivingBody? Arriving();

    /// <summary>Takes a message from end of data to where it is safe: only then the client hears 250.</summary>
    ValueTask<AcceptResult> AcceptAsync(IncomingMessage message, CancellationToken cancellation);
}
