using Shouldly;
using Webcluster.Queue.Redis.Durability;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class MemoryMarkTests
{
    [Fact]
    public void Look_RisingAndFalling_ChangesAtItsTwoMarks()
    {
        var mark = new MemoryMark(0);
        mark.Look(850, 1000).ShouldBeFalse();
        mark.Look(851, 1000).ShouldBeTrue();
        mark.Look(850, 1000).ShouldBeTrue();
        mark.Look(800, 1000).ShouldBeTrue();
        mark.Look(799, 1000).ShouldBeFalse();
        mark.Look(850, 1000).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1000, 1000)]
    [InlineData(500, 0, 500)]
    [InlineData(500, 1000, 500)]
    [InlineData(1000, 500, 500)]
    public void Limit_OfBoth_TheSmaller(long configured, long maxMemory, long limit) => new MemoryMark(configured).Limit(maxMemory).ShouldBe(limit);

    [Fact]
    public void Look_NoLimit_IsNeverFull() => new MemoryMark(0).Look(long.MaxValue, 0).ShouldBeFalse();

    [Fact]
    public void Look_HugeLimit_DoesNotOverflow()
    {
        var mark = new MemoryMark(long.MaxValue);
        mark.Look(long.MaxValue / 2, 0).ShouldBeFalse();
        mark.Look(long.MaxValue, 0).ShouldBeTrue();
    }
}
