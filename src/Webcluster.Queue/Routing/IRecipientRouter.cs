using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Lanes;

namespace Webcluster.Queue.Routing;

/// <summary>Says which lane a recipient's mail belongs in. Asked at acceptance and by delivery again.</summary>
public interface IRecipientRouter
{
    /// <summary>
    /// Static routes first, then MX within a bound of 2 s. Without an answer the site is the domain itself: delivery resolves again.
    /// Refuses only what can never be delivered and is known without asking (an address literal of a forbidden network).
    /// </summary>
    /// <param name="origin">Decides the lane's pool.</param>
    ValueTask<RouteResult> RouteAsync(Mailbox recipient, MailOrigin origin, CancellationToken cancellation);
}

public abstract record RouteResult
{
    public sealed record To(LaneKey Lane) : RouteResult
    {
        /// <summary>So many recipients make one delivery at most; null: as many as there are.</summary>
        public int? MostRecipients { get; init; }
    }

    public sealed record Refused(RouteRefusal Reason) : RouteResult;
}

public enum RouteRefusal { ForbiddenAddressLiteral, NoDomain }
