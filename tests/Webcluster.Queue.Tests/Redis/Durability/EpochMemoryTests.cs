using Shouldly;
using Webcluster.Queue.Redis.Durability;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class EpochMemoryTests
{
    private readonly EpochMemory _memory = new(new ShardEpoch[2]);

    [Fact]
    public void Look_NewStore_IsWell()
    {
        _memory.Look(0, null).ShouldBeTrue();
        _memory.Look(0, 1).ShouldBeTrue();
        _memory.Look(0, 1).ShouldBeTrue();
        _memory.Look(0, 7).ShouldBeTrue();
    }

    [Theory]
    [InlineData(6L)]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(null)]
    public void Look_WentBack_IsLostAndStaysLost(long? epoch)
    {
        _memory.Look(0, 7).ShouldBeTrue();
        _memory.Look(0, epoch).ShouldBeFalse();
        _memory.IsLost(0).ShouldBeTrue();
        _memory.Look(0, 7).ShouldBeFalse("heartbeats raise it again");
        _memory.Look(0, 1_000_000).ShouldBeFalse();
        _memory.Look(1, null).ShouldBeTrue("the other shard is well");
    }

    [Fact]
    public void Look_LossAccepted_IsWellHereAndOnNodesThatSawAnotherEpoch()
    {
        var other = new EpochMemory(new ShardEpoch[2]);
        _memory.Look(0, 7);
        other.Look(0, 9);
        _memory.Look(0, null);
        other.Look(0, null);
        var accepted = _memory.Accepted(0);
        _memory.Look(0, accepted).ShouldBeTrue();
        other.Look(0, accepted).ShouldBeTrue();
        other.Look(0, 8).ShouldBeFalse("it can be lost again");
    }
}
