using Shouldly;
using Webcluster.Providers.Model;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.EndToEnd.Providers;

public sealed class FastClockTests
{
    private readonly ManualClock _true = new();
    private readonly FastClock _fast;

    public FastClockTests() => _fast = new FastClock(_true, 60);

    [Fact]
    public void ASecond_IsAMinute()
    {
        var (began, at) = (_fast.GetUtcNow(), _fast.GetTimestamp());

        _true.Advance(TimeSpan.FromSeconds(1));

        (_fast.GetUtcNow() - began).ShouldBe(TimeSpan.FromMinutes(1));
        _fast.GetElapsedTime(at).ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Delay_OfAMinute_TakesASecond()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), _fast);
        _true.HasTimerIn(TimeSpan.FromSeconds(1)).ShouldBeTrue();

        _true.Advance(TimeSpan.FromSeconds(1));

        await delay;
    }
}
