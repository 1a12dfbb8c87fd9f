using System.Text;
using Shouldly;
using Webcluster.Queue.Events;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Events;

/// <summary>And of <see cref="IFeedStore"/>.</summary>
public abstract partial class EventLogContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private IFeedStore Feeds => (IFeedStore)Queue;

    [ContractFact]
    public async Task Feed_Held_IsNobodyElses()
    {
        (await HoldAsync(NodeA)).ShouldNotBeNull().State.Length.ShouldBe(0);
        (await HoldAsync(NodeB)).ShouldBeNull();
        (await SaveAsync(NodeB, "stolen")).ShouldBeFalse();
        (await Feeds.ShowAsync("shop", CancellationToken.None)).Holder.ShouldBe(NodeA);

        Time.Advance(Lease);

        (await Feeds.ShowAsync("shop", CancellationToken.None)).Holder.ShouldBeNull();
        (await HoldAsync(NodeB)).ShouldNotBeNull();
        (await SaveAsync(NodeA, "late")).ShouldBeFalse();
    }

    [ContractFact]
    public async Task Feed_Saved_IsWhatTheNextHolderGoesOnFrom()
    {
        await HoldAsync(NodeA);
        (await SaveAsync(NodeA, "so far")).ShouldBeTrue();
        await Feeds.LeaveAsync("shop", NodeB, CancellationToken.None);
        (await HoldAsync(NodeB)).ShouldBeNull();
        await Feeds.LeaveAsync("shop", NodeA, CancellationToken.None);

        Encoding.UTF8.GetString((await HoldAsync(NodeB)).ShouldNotBeNull().State.Span).ShouldBe("so far");
        (await Feeds.HoldAsync("other", NodeA, Lease, CancellationToken.None)).ShouldNotBeNull().State.Length.ShouldBe(0);
    }

    [ContractFact]
    public async Task Wishes_AreThereUntilTheyAreDoneWith()
    {
        foreach (var wish in new[] { "one", "two", "three" })
            (await Feeds.WishAsync("shop", wish, CancellationToken.None)).ShouldBeTrue();
        (await HoldAsync(NodeA)).ShouldNotBeNull().Wishes.ShouldBe(["one", "two", "three"]);

        await Feeds.SaveAsync("shop", NodeA, "x"u8.ToArray(), wishes: 2, Lease, CancellationToken.None);

        (await HoldAsync(NodeA)).ShouldNotBeNull().Wishes.ShouldBe(["three"]);
    }

    [ContractFact]
    public async Task Wishes_TooMany_AreRefused()
    {
        for (var i = 0; i < 100; i++)
            (await Feeds.WishAsync("shop", $"{i}", CancellationToken.None)).ShouldBeTrue();

        (await Feeds.WishAsync("shop", "more", CancellationToken.None)).ShouldBeFalse();
    }

    private ValueTask<FeedState?> HoldAsync(Sessions.NodeId node) => Feeds.HoldAsync("shop", node, Lease, CancellationToken.None);

    private ValueTask<bool> SaveAsync(Sessions.NodeId node, string state) =>
        Feeds.SaveAsync("shop", node, Encoding.UTF8.GetBytes(state), wishes: 0, Lease, CancellationToken.None);
}
