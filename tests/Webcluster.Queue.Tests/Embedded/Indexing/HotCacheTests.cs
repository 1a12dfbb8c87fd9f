using Shouldly;
using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Messages;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Embedded.Indexing;

public sealed class HotCacheTests
{
    private readonly HotCache cache = new(mostOctets: 4000);

    [Fact]
    public void Add_MoreThanFits_TheOldestLeave()
    {
        var (first, second, third) = (Add(1000), Add(1000), Add(1000));

        (first.Hot is null, second.Hot is null, third.Hot is null).ShouldBe((true, false, false));
    }

    [Fact]
    public void Add_TooLargeAlone_LeavesTheRestAlone()
    {
        var small = Add(1000);

        Add(4000).Hot.ShouldBeNull();

        small.Hot.ShouldNotBeNull();
    }

    [Fact]
    public void Drop_MakesRoom()
    {
        var (first, second) = (Add(1000), Add(1000));
        cache.Drop(second);
        cache.Drop(second);

        Add(1000);

        (first.Hot is null, second.Hot is null).ShouldBe((false, true));
    }

    private QueuedMessage Add(int octets)
    {
        var message = Message(DateTimeOffset.UnixEpoch) with { Content = new MessageContent(default, new byte[octets]) };
        var queued = new QueuedMessage(message.Id, 1, 0, 0, octets);
        cache.Add(queued, message);
        return queued;
    }
}
