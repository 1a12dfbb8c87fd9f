using System.Net;
using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Sessions;

namespace Webcluster.Submission;

/// <summary>
/// What submission writes for people; ids 1000 to 1999. What clients say stands here only after it was parsed to something without control
/// characters. Never what AUTH carried, never content.
/// </summary>
internal static partial class SubmissionLog
{
    [LoggerMessage(1000, LogLevel.Information,
        "Accepted {Message} for tenant {Tenant} from {Client}: sender <{Sender}>, {Recipients} recipients, {Octets} octets, TLS {Tls}")]
    public static partial void MessageAccepted(
        this ILogger log, MessageId message, string tenant, IPAddress client, Mailbox? sender, int recipients, int octets, string tls);

    [LoggerMessage(1001, LogLevel.Information, "Refused a message from {Client}: {Reason}")]
    public static partial void MessageRefused(this ILogger log, IPAddress client, ServerReply reason);

    [LoggerMessage(1002, LogLevel.Debug, "Refused a command of {Client}: {Reason}")]
    public static partial void CommandRefused(this ILogger log, IPAddress client, ServerReply reason);

    [LoggerMessage(1003, LogLevel.Information, "Refused recipient <{Recipient}> of tenant {Tenant}: suppressed since {Since:u} ({Reason})")]
    public static partial void RecipientSuppressed(
        this ILogger log, Mailbox recipient, string tenant, SuppressionReason reason, DateTimeOffset since);

    [LoggerMessage(1004, LogLevel.Warning, "Refused a recipient for now: the suppression list cannot be asked: {Why}")]
    public static partial void SuppressionUnknown(this ILogger log, string why);

    [LoggerMessage(1010, LogLevel.Information, "Authentication failed for a client at {Client} on {Listener}")]
    public static partial void AuthRejected(this ILogger log, IPAddress client, string listener);

    [LoggerMessage(1011, LogLevel.Debug, "{User} authenticated from {Client}")]
    public static partial void AuthAccepted(this ILogger log, string user, IPAddress client);

    [LoggerMessage(1020, LogLevel.Debug, "Session from {Client} on {Listener} ended: {End}")]
    public static partial void SessionEnded(this ILogger log, IPAddress client, string listener, SessionEnd end);

    [LoggerMessage(1021, LogLevel.Information, "Turned away a connection from {Client} on {Listener}: {Reason}")]
    public static partial void ConnectionTurned(this ILogger log, IPAddress client, string listener, ServerReply reason);

    [LoggerMessage(1022, LogLevel.Error, "Session from {Client} failed")]
    public static partial void SessionFailed(this ILogger log, Exception error, IPAddress client);

    [LoggerMessage(1023, LogLevel.Warning,
        "Closed a connection from {Peer} on {Listener} at its PROXY header: {Reason}; {Untold} more since the last such line")]
    public static partial void ProxyRefused(this ILogger log, IPAddress peer, string listener, ProxyRefusal reason, int untold);

    [LoggerMessage(1030, LogLevel.Information, "Submission stops: {Sessions} sessions are open")]
    public static partial void Draining(this ILogger log, int sessions);

    [LoggerMessage(1031, LogLevel.Warning, "Submission stopped with {Sessions} sessions cut off")]
    public static partial void Aborted(this ILogger log, int sessions);

    [LoggerMessage(1040, LogLevel.Information, "Read {Users} users from {File}")]
    public static partial void UsersRead(this ILogger log, int users, string file);

    [LoggerMessage(1041, LogLevel.Warning, "{Lines} lines of {File} are no user and were passed over")]
    public static partial void UsersBadLines(this ILogger log, int lines, string file);

    [LoggerMessage(1042, LogLevel.Warning, "{File} can be read by others; it should be its owner's alone")]
    public static partial void UsersReadableByOthers(this ILogger log, string file);

    [LoggerMessage(1043, LogLevel.Error, "{File} cannot be read; the users read last stay in force, and where none were read, AUTH gets 454")]
    public static partial void UsersUnreadable(this ILogger log, Exception error, string file);
}
