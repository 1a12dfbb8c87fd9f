using Shouldly;
using Webcluster.Providers.Model;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.EndToEnd.Providers;

public sealed class ReputationTests
{
    private static readonly ReputationRules Rules =
        new(Cost: 10, MostPerMinute: 1000, RecoversPerMinute: 2, Block: TimeSpan.FromMinutes(30));

    private readonly ManualClock _clock = new();
    private readonly Reputation _reputation = new(Rules);

    [Fact]
    public void Offences_UntilNoPointIsLeft_Block()
    {
        for (var i = 0; i < 9; i++) _reputation.Offend(_clock.Now).ShouldBeNull();
        _reputation.IsBlocked(_clock.Now).ShouldBeFalse();

        _reputation.Offend(_clock.Now).ShouldBe(_clock.Now + Rules.Block);

        _reputation.IsBlocked(_clock.Now).ShouldBeTrue();
    }

    [Fact]
    public void Block_AtItsEnd_IsOver_AndHalfOfThePointsAreThere()
    {
        Lose();
        _clock.Advance(Rules.Block - TimeSpan.FromTicks(1));
        _reputation.IsBlocked(_clock.Now).ShouldBeTrue();

        _clock.Advance(TimeSpan.FromTicks(1));

        _reputation.IsBlocked(_clock.Now).ShouldBeFalse();
        _reputation.Points(_clock.Now).ShouldBe(50);
    }

    [Fact]
    public void OffencesDuringTheBlock_ChangeNothing()
    {
        Lose();
        for (var i = 0; i < 100; i++) _reputation.Offend(_clock.Now).ShouldBeNull();

        _clock.Advance(Rules.Block);

        _reputation.IsBlocked(_clock.Now).ShouldBeFalse();
        _reputation.Points(_clock.Now).ShouldBe(50);
    }

    [Fact]
    public void SecondBlock_LastsTwiceAsLong_ThirdTwiceThat()
    {
        foreach (var times in new[] { 1, 2, 4 })
        {
            var until = Lose();
            until.ShouldBe(_clock.Now + Rules.Block * times);
            _clock.Advance(until - _clock.Now);
        }
    }

    [Theory]
    [InlineData(0, 90)]
    [InlineData(1, 92)]
    [InlineData(5, 100)]
    [InlineData(60, 100)]
    public void QuietMinutes_BringPointsBack_NotBeyondAll(int minutes, double points)
    {
        _reputation.Offend(_clock.Now);

        _clock.Advance(TimeSpan.FromMinutes(minutes));

        _reputation.Points(_clock.Now).ShouldBe(points, 1e-9);
    }

    [Fact]
    public void OffencesOfOneMinute_CostNoMoreThanItsMost_ThoseOfTheNextCostAgain()
    {
        var reputation = new Reputation(Rules with { MostPerMinute = 35 });
        for (var i = 0; i < 1000; i++) reputation.Offend(_clock.Now).ShouldBeNull();
        reputation.Points(_clock.Now).ShouldBe(65);

        _clock.Advance(TimeSpan.FromSeconds(59));
        reputation.Offend(_clock.Now);
        reputation.Points(_clock.Now).ShouldBe(65 + 2 * 59 / 60.0, 1e-9);

        _clock.Advance(TimeSpan.FromSeconds(1));
        reputation.Offend(_clock.Now);
        reputation.Points(_clock.Now).ShouldBe(67 - 10, 1e-9);
    }

    private DateTimeOffset Lose()
    {
        while (true)
            if (_reputation.Offend(_clock.Now) is { } until)
                return until;
    }
}
