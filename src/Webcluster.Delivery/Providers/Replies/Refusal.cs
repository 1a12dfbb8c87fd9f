using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Providers.Replies;

/// <summary>A reply that is no yes, and where it came.</summary>
/// <param name="Stage">The command that it answered.</param>
/// <param name="Carried">Messages that the server had taken on this connection before.</param>
public readonly record struct Refusal(SmtpReply Reply, Stage Stage, int Carried = 0)
{
    /// <summary>The server cannot mean one recipient: it did not know any yet.</summary>
    public bool IsOfSender => Stage is Stage.Banner or Stage.Hello or Stage.StartTls or Stage.Auth or Stage.Mail;
}
