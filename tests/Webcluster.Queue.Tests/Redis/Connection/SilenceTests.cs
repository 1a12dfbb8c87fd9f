using Shouldly;
using Webcluster.Queue.Redis.Connection;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Connection;

public sealed class SilenceTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private readonly ManualClock _time = new();

    [Fact]
    public void Note_Timeouts_GiveUpOnceNothingWasHeardForLong()
    {
        var silence = new Silence(RedisConnectionKind.Server, _time);
        _time.Advance(s_limit - s_tick);
        silence.Note(RedisTroubleKind.Timeout).ShouldBeFalse();
        _time.Advance(s_tick);
        silence.Note(RedisTroubleKind.Unavailable).ShouldBeFalse();
        silence.Note(RedisTroubleKind.Timeout).ShouldBeTrue();
        silence.Answered();
        silence.Note(RedisTroubleKind.Timeout).ShouldBeFalse();
    }

    [Fact]
    public void Note_ReadOnly_GivesUpWhereAnotherMayBePrimary()
    {
        new Silence(RedisConnectionKind.Primary, _time).Note(RedisTroubleKind.ReadOnly).ShouldBeTrue();
        new Silence(RedisConnectionKind.Server, _time).Note(RedisTroubleKind.ReadOnly).ShouldBeFalse();
        new Silence(RedisConnectionKind.Cluster, _time).Note(RedisTroubleKind.ReadOnly).ShouldBeFalse();
    }

    [Fact]
    public void Note_ClusterWhereOneNodeIsIll_GivesUpThoughTheOthersAnswer()
    {
        var silence = new Silence(RedisConnectionKind.Cluster, _time);
        for (var second = 0; second < 3; second++)
        {
            silence.Note(RedisTroubleKind.Timeout).ShouldBeFalse();
            silence.Answered();
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        silence.Note(RedisTroubleKind.Full).ShouldBeFalse("that is no illness");
        silence.Note(RedisTroubleKind.Unavailable).ShouldBeTrue();
    }

    [Fact]
    public void Note_SlotThatMovesForLong_IsNoIllness()
    {
        var silence = new Silence(RedisConnectionKind.Cluster, _time);
        for (var second = 0; second < 10; second++)
        {
            silence.Note(RedisTroubleKind.SlotMoving).ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Note_ClusterWithTroubleNowAndThen_GoesOn()
    {
        var silence = new Silence(RedisConnectionKind.Cluster, _time);
        for (var round = 0; round < 10; round++)
        {
            silence.Note(RedisTroubleKind.Timeout).ShouldBeFalse();
            _time.Advance(s_limit);
        }
    }
}
