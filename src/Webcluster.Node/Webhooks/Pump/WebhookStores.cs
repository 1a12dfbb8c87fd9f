using Webcluster.Queue.Events;
using Webcluster.Queue.Sessions;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>Where events come from, where it is kept how far endpoints are, and as whom this node asks.</summary>
internal sealed record WebhookStores(IEventLog Log, IFeedStore Feeds, NodeId Node);
