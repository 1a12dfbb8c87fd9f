using Shouldly;
using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Embedded.Indexing;

public sealed class LaneTests
{
    private readonly QueuedMessage message = new(new MessageId(Guid.NewGuid()), 1, 0, 0, 0);
    private readonly Lane lane = new(Google, new Site(new SiteKey(Google.Provider, Google.Site)), new FlowWeights(), 1)
    {
        Provider = new Provider(Google.Provider, 1),
    };
    private long lastRow;

    [Fact]
    public void Take_PasswordResetBehindAMillionNewsletters_GoesFirst()
    {
        for (var i = 0; i < 1_000_000; i++)
            Add(MailClass.Bulk, "shop");
        lane.Take();
        var reset = Add(MailClass.Transactional, "shop");

        lane.Take().ShouldBeSameAs(reset);
        lane.Ready.ShouldBe(999_999);
    }

    [Fact]
    public void Take_AFlowThatSpentAhead_StillOwesAfterItSlept()
    {
        Add(MailClass.Bulk, "a");
        lane.Take();
        Add(MailClass.Bulk, "b");
        var owing = Add(MailClass.Bulk, "a");
        var other = Add(MailClass.Bulk, "b");

        lane.Take()!.Flow.Name.Tenant.ShouldBe("b");
        new[] { lane.Take(), lane.Take() }.ShouldBe([owing, other], ignoreOrder: true);
        lane.Take().ShouldBeNull();
    }

    [Fact]
    public void OldestReady_AsDeliveriesComeAndGo_IsTheOldestLeft()
    {
        lane.OldestReady.ShouldBeNull();
        var old = Add(MailClass.Normal, "a", due: 10);
        var young = Add(MailClass.Normal, "b", due: 20);
        lane.OldestReady.ShouldBe(10);

        lane.Withdraw(old);
        lane.OldestReady.ShouldBe(20);
        lane.Withdraw(young);
        lane.OldestReady.ShouldBeNull();
        Add(MailClass.Normal, "a", due: 30);
        lane.OldestReady.ShouldBe(30);
    }

    [Fact]
    public void Promote_AtTheDueTime_MakesReady()
    {
        Add(MailClass.Normal, "a", due: 101);
        lane.NextDue.ShouldBe(101);

        lane.Promote(100);
        (lane.Ready, lane.Scheduled).ShouldBe((0, 1));
        lane.Promote(101);
        (lane.Ready, lane.Scheduled).ShouldBe((1, 0));
    }

    private Delivery Add(MailClass mailClass, string tenant, long due = 0)
    {
        var delivery = new Delivery(message, lane.FlowOf(new FlowKey(mailClass, tenant)), ++lastRow, due, 0);
        lane.Wait(delivery, due, now: 100);
        return delivery;
    }
}
