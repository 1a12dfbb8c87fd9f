using Shouldly;
using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Embedded.Indexing;

public sealed class QueuedMessageTests
{
    private readonly QueuedMessage message = Queued();
    private readonly Lane lane = new(Google, new Site(new SiteKey(Google.Provider, Google.Site)), new FlowWeights(), 1)
    {
        Provider = new Provider(Google.Provider, 1),
    };

    [Theory]
    [InlineData]
    [InlineData(0)]
    [InlineData(0, 1)]
    [InlineData(0, 1, 2, 7)]
    public void Deliveries_OfAMessage_AreThoseAddedInTheirOrder(params int[] ordinals)
    {
        var added = ordinals.Select(Add).ToList();

        message.Deliveries.ShouldBe(added);
        ordinals.Select(message.Find).ShouldBe(added);
        message.Find(3).ShouldBeNull();
        message.Left.ShouldBe(ordinals.Length);
    }

    [Fact]
    public void Find_ADeliveryThatIsGone_FindsTheOthersOnly()
    {
        var (gone, left) = (Add(0), Add(1));
        gone.State = DeliveryState.Gone;

        message.Find(0).ShouldBeNull();
        message.Find(1).ShouldBeSameAs(left);
        message.Deliveries.ShouldBe([gone, left]);
    }

    [Fact]
    public void MessagesById_FindAndRemove_GoByTheIdAlone()
    {
        var (messages, other) = (new MessagesById(), Queued());
        messages.Add(message);
        messages.Add(other);

        messages.Find(message.Id).ShouldBeSameAs(message);
        messages.Remove(message);

        messages.Find(message.Id).ShouldBeNull();
        messages.Find(other.Id).ShouldBeSameAs(other);
        messages.Count.ShouldBe(1);
    }

    private static QueuedMessage Queued() => new(new MessageId(Guid.NewGuid()), 1, 0, 0, 0);

    private Delivery Add(int ordinal)
    {
        var delivery = new Delivery(message, lane.FlowOf(new FlowKey(MailClass.Normal, "shop")), ordinal, 0, ordinal);
        message.Add(delivery);
        return delivery;
    }
}
