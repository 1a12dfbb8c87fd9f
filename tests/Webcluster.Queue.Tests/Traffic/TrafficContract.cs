using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Traffic;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

/// <summary>
/// What every implementation of <see cref="IMailQueue"/> and <see cref="ITrafficControl"/> makes of limits and sources (decision 10). One
/// class for each derives from it.
/// </summary>
public abstract partial class TrafficContract : QueueContract
{
    private static readonly NodeId[] Nodes = [NodeA, NodeB, new("node-c")];

    /// <summary>More than any of these tests needs, so that a site limits nothing. The queue has these.</summary>
    protected static SiteLimits Limits { get; } = new(Connections: 10_000, MessagesPerConnection: 10_000);

    private ITrafficControl Control => (ITrafficControl)Queue;

    private static TrafficOffer From(params SourceOffer[] sources) => new(sources, TrafficLimits.None);

    private static TrafficOffer Within(TrafficLimits limits, params SourceOffer[] sources) =>
        new(sources.Length > 0 ? sources : [SourceOffer.Default], limits);

    private static SourceOffer Source(string name, int weight = 1, TrafficLimits? limits = null, WarmupPlan? warmup = null) =>
        new(name, weight, limits ?? TrafficLimits.None, warmup);

    private static TrafficLimits Messages(string rate) => new() { Messages = Rate.Parse(rate) };

    private static TrafficLimits Connections(int most) => new() { Connections = most };

    private static LaneKey Lane(int number, string pool = "main") => new("big", $"mx{number}.big.example", pool);

    /// <summary>Stores so many deliveries of a lane, due now, in one message.</summary>
    private Task FillAsync(LaneKey lane, int deliveries) =>
        Queue.StoreAsync(Message(Now, [.. Enumerable.Range(0, deliveries).Select(_ => To(lane))]));

    private ValueTask<ClaimResult> TryAsync(LaneKey lane, TrafficOffer offer, int most = 1, SessionId? session = null, NodeId? node = null) =>
        Queue.ClaimAsync(new ClaimRequest(node ?? NodeA, lane, session, most, 0, offer), CancellationToken.None);

    private async Task<ClaimResult.Granted> GrantedAsync(
        LaneKey lane, TrafficOffer offer, int most = 1, SessionId? session = null, NodeId? node = null) =>
        (await TryAsync(lane, offer, most, session, node)).ShouldBeOfType<ClaimResult.Granted>();

    private async Task RefusedAsync(LaneKey lane, TrafficOffer offer, WaitReason reason, DateTimeOffset? until = null, SessionId? session = null) =>
        (await TryAsync(lane, offer, 1, session)).ShouldBe(new ClaimResult.NotNow(reason, until));

    private async Task SentAsync(ClaimResult.Granted claim, bool release = true)
    {
        await Queue.SettleAsync(
            claim.Session, [.. claim.Deliveries.Select(delivery => new Settlement.Done(delivery.Id, Sent: true))], CancellationToken.None);
        if (release)
            await ReleaseAsync(claim);
    }

    private ValueTask ReleaseAsync(ClaimResult.Granted claim) => Queue.ReleaseAsync(claim.Session, CancellationToken.None);

    private ValueTask<bool> AdjustAsync(string source, Adjustment adjustment, string provider = "google") =>
        Control.AdjustAsync(provider, source, adjustment, "421 slow down", CancellationToken.None);

    private async Task<TrafficStatus> StatusAsync(string source, string provider = "google") =>
        (await Control.TrafficAsync(provider, CancellationToken.None)).Single(status => status.Source == source);

    private async Task<Task<IReadOnlyList<LaneKey>>> NothingNextAsync()
    {
        var next = Queue.NextAsync();
        await Task.Delay(20);
        next.IsCompleted.ShouldBeFalse();
        return next;
    }
}
