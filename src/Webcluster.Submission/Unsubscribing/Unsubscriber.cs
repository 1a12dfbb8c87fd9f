using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue.Events;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Suppressing;

namespace Webcluster.Submission.Unsubscribing;

/// <summary>
/// Does what a link asks for, by whichever way it came: the address gets no more of the tenant's mail, and there is an event. A link for one list
/// only makes the event: which mail belongs to a list is known to the sender alone.
/// </summary>
public sealed class Unsubscriber(
    UnsubscribeLinks links, IEventLog events, IAddressSuppressor suppressor, WayBackMetrics metrics, TimeProvider time,
    ILogger<Unsubscriber> log)
{
    /// <summary>Reads a token and counts what came of it.</summary>
    /// <param name="token">What it says, where it is valid or has expired; null otherwise.</param>
    public TokenProblem Read(ReadOnlySpan<char> text, out UnsubscribeToken? token)
    {
        var problem = links.Read(text, time.GetUtcNow(), out token);
        if (problem != TokenProblem.None) metrics.TokenRefused(TokenKind.Unsubscribe, problem);
        return problem;
    }

    /// <summary>When it returns, the event is stored and the address suppressed.</summary>
    /// <param name="way">"one-click", "page" or "mail".</param>
    /// <exception cref="Queue.QueueUnavailableException">It is not known: to be tried again, which does no harm.</exception>
    public async Task UnsubscribeAsync(UnsubscribeToken token, string way, CancellationToken cancellation)
    {
        var suppresses = token.List.Length == 0;
        if (suppresses)
        {
            await suppressor.SuppressAsync(
                new SuppressedRecipient(token.Tenant, token.Address, SuppressionReason.Unsubscribe, "", way), cancellation);
        }

        var happened = new MailEvent
        {
            Kind = MailEventKind.Unsubscribed,
            At = time.GetUtcNow(),
            Tenant = token.Tenant,
            Recipient = token.Address.ToString(),
            Suppressing = suppresses ? true : null,
            Reason = token.List.Length == 0 ? way : $"{way}, list {token.List}",
        };
        await events.AppendAsync([happened], cancellation);
        metrics.Returned("unsubscribe");
        log.Unsubscribed(token.Address, token.Tenant, happened.Reason);
    }
}
