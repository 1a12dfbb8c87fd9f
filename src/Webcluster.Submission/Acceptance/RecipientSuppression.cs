using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Acceptance;

/// <summary>Asks the suppression list about recipients while they are named, where they are to be refused then.</summary>
internal sealed class RecipientSuppression(Suppressions suppressions, SubmissionMetrics metrics, ILogger<RecipientSuppression> log)
{
    /// <summary>Why a recipient is refused; null: it is not. What cannot be looked up is refused for now.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ServerReply?> RefusesAsync(Mailbox recipient, string tenant, CancellationToken cancellation)
    {
        if (!suppressions.RefusesAtRcpt) return null;
        try
        {
            if (await suppressions.FindAsync(tenant, recipient, cancellation) is not { } entry) return null;
            metrics.RecipientSuppressed(entry.Reason);
            log.RecipientSuppressed(recipient, tenant, entry.Reason, entry.AddedAt);
            return ServerReply.RecipientSuppressed;
        }
        catch (QueueUnavailableException away)
        {
            log.SuppressionUnknown(away.Message);
            return ServerReply.SuppressionUnknown;
        }
    }
}
