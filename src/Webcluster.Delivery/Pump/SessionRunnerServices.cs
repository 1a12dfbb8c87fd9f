using Webcluster.Delivery.Availability;
using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Reactions;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Traffic;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Suppression;

namespace Webcluster.Delivery.Pump;

/// <summary>What every session of the node shares.</summary>
/// <param name="ReturnPaths">Null: reports go to the sender's own reverse-path.</param>
internal sealed record SessionRunnerServices(
    IMailQueue Queue, DomainRouter Router, TlsDecider Decider, SmtpConnector Connector,
    SourceBook Sources, SourceMetrics SourceMetrics, TrafficOffers Offers, ReplyReactions Reactions,
    Settler Settler, SiteHealth Health, Heartbeat Heartbeat, ParkedSessions Parked, Suppressions Suppressions,
    DeliveryMetrics Metrics, DeliveryLog Log, TimeProvider Time, DeliveryOptions Options, ReturnPaths? ReturnPaths = null);

/// <summary>Makes runners.</summary>
internal sealed class SessionRunnerFactory(SessionRunnerServices services)
{
    public ParkedSessions Parked => services.Parked;

    public SourceBook Sources => services.Sources;

    public TrafficOffers Offers => services.Offers;

    /// <param name="extend">What to ask the queue for, of so many deliveries more.</param>
    public SessionRunner Create(OpenedSession opened, Func<int, ClaimRequest> extend) => new(services, opened, extend);
}
