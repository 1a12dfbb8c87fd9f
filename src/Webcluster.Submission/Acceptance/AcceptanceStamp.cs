using Webcluster.Queue.Messages;

namespace Webcluster.Submission.Acceptance;

/// <summary>What this server puts its name to: who takes which message, and when.</summary>
internal readonly record struct AcceptanceStamp(MessageId Id, string HostName, DateTimeOffset At);
