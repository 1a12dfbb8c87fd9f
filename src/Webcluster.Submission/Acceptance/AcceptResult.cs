using Webcluster.Queue.Messages;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Acceptance;

/// <summary>What became of a message at end of data.</summary>
internal abstract record AcceptResult
{
    /// <summary>The store has it, as durably as configured: 250 may be said.</summary>
    public sealed record Queued(MessageId Id) : AcceptResult;

    /// <summary>What it says was stored, and it is of no further use: 250 may be said.</summary>
    public sealed record Taken : AcceptResult;

    /// <summary>Nothing was promised.</summary>
    public sealed record Refused(ServerReply Reply) : AcceptResult;
}
