using Webcluster.Delivery.Sources;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>What a session is for, and how it comes to an end ahead of time.</summary>
/// <param name="Drain">Soon: what is past DATA is finished, the rest goes back.</param>
/// <param name="Abandon">Now.</param>
internal sealed record SessionContext(OpenedSession Opened, CancellationToken Drain, CancellationToken Abandon)
{
    public SessionId Id => Opened.Id;

    public LaneKey Lane => Opened.Lane;

    public Source? Source => Opened.Source;

    public int Lease => Opened.Lease;
}
