using Shouldly;
using Webcluster.Submission.Sessions;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Submission.Tests.Sessions;

public sealed class DeadlineTests
{
    private readonly ManualClock _clock = new();
    private int _met;

    [Fact]
    public void Set_Once_IsMetAtItsTime()
    {
        using var deadline = Make();
        deadline.Set(TimeSpan.FromSeconds(10));
        Advance(9.999);
        (deadline.IsMet, _met).ShouldBe((false, 0));
        Advance(0.001);
        (deadline.IsMet, _met).ShouldBe((true, 1));
    }

    [Fact]
    public void Set_LaterAndLater_FiresOnceAtTheLast()
    {
        using var deadline = Make();
        for (var line = 0; line < 100; line++)
        {
            deadline.Set(TimeSpan.FromSeconds(10));
            Advance(9);
        }

        (deadline.IsMet, _met).ShouldBe((false, 0));
        Advance(1);
        (deadline.IsMet, _met).ShouldBe((true, 1));
    }

    [Fact]
    public void Set_Earlier_FiresAtTheEarlier()
    {
        using var deadline = Make();
        deadline.Set(TimeSpan.FromSeconds(100));
        deadline.Set(TimeSpan.FromSeconds(10));
        Advance(10);
        _met.ShouldBe(1);
        Advance(90);
        _met.ShouldBe(1);
    }

    [Fact]
    public void Clear_NeverFires_AndCanBeSetAgain()
    {
        using var deadline = Make();
        deadline.Set(TimeSpan.FromSeconds(10));
        deadline.Clear();
        Advance(100);
        (deadline.IsMet, _met).ShouldBe((false, 0));
        deadline.Set(TimeSpan.FromSeconds(10));
        Advance(10);
        _met.ShouldBe(1);
    }

    private Deadline Make() => new(_clock, () => _met++);

    private void Advance(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
