using System.Collections.Concurrent;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Routing;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>Every domain is its own site, but those of one provider; one takes two recipients at a time; loopback and link-local literals are refused.</summary>
internal sealed class FakeRouter : IRecipientRouter
{
    /// <summary>Remembers nothing of what it is asked.</summary>
    public bool Forgets { get; set; }

    public ConcurrentQueue<string> Asked { get; } = new();

    public MailOrigin? Origin { get; private set; }

    public ValueTask<RouteResult> RouteAsync(Mailbox recipient, MailOrigin origin, CancellationToken cancellation)
    {
        Origin = origin;
        if (!Forgets) Asked.Enqueue(recipient.Domain);
        RouteResult result = recipient.Domain switch
        {
            "[127.0.0.1]" or "[IPv6:::1]" or "[169.254.169.254]" => new RouteResult.Refused(RouteRefusal.ForbiddenAddressLiteral),
            "refused.example" => new RouteResult.Refused(RouteRefusal.NoDomain),
            "few.example" => new RouteResult.To(new LaneKey("few", "mx.few.example", "default")) { MostRecipients = 2 },
            _ when recipient.Domain.EndsWith(".big.example", StringComparison.Ordinal) =>
                new RouteResult.To(new LaneKey("big", "mx.big.example", "default")),
            _ => new RouteResult.To(new LaneKey(recipient.Domain, recipient.Domain, "default")),
        };
        return ValueTask.FromResult(result);
    }
}
