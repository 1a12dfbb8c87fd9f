using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Traffic;

/// <summary>Why a source is to send less.</summary>
/// <param name="By">What read the reply so: "rule too-much", "class rate-limited".</param>
internal readonly record struct Cause(string By, SmtpReply Reply);
