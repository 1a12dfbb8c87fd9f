using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Webcluster.Delivery.Connections;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Connections;

public class BrokenTlsTests
{
    [Fact]
    public void Contains_UntilTheTimeIsOver()
    {
        var clock = new ManualClock();
        var broken = Make(clock);
        broken.Contains("a.test").ShouldBeFalse();
        broken.Add("a.test", "no");
        clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromTicks(1));
        broken.Contains("a.test").ShouldBeTrue();
        broken.Contains("b.test").ShouldBeFalse();
        clock.Advance(TimeSpan.FromTicks(1));
        broken.Contains("a.test").ShouldBeFalse();
    }

    [Fact]
    public void Add_Again_BeginsAnew()
    {
        var clock = new ManualClock();
        var broken = Make(clock);
        broken.Add("a.test", "no");
        clock.Advance(TimeSpan.FromDays(2));
        broken.Add("a.test", "no");
        clock.Advance(TimeSpan.FromDays(2));
        broken.Contains("a.test").ShouldBeTrue();
    }

    [Fact]
    public void Add_Endless_StaysBounded()
    {
        var broken = Make(new ManualClock());
        for (var i = 0; i <= 10_000; i++) broken.Add($"{i}.test", "no");
        broken.Contains("10000.test").ShouldBeTrue();
        broken.Contains("0.test").ShouldBeFalse("a full memory forgets");
    }

    private static BrokenTls Make(ManualClock clock) => new(TimeSpan.FromDays(3), clock, NullLogger<BrokenTls>.Instance);
}
