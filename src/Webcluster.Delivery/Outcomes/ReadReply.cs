using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Outcomes;

/// <summary>A refusal, and what it is taken to mean.</summary>
/// <param name="IsRetried">The mail is tried again, also where the reply says never.</param>
internal sealed record ReadReply(SmtpReply Reply, ReplyClassification Meaning, bool IsRetried);
