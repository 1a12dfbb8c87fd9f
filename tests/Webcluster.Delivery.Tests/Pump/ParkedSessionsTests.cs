using Shouldly;
using Webcluster.Delivery.Pump;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

public class ParkedSessionsTests
{
    private static readonly LaneKey A = new("a", "a", "default");
    private static readonly LaneKey B = new("b", "b", "default");

    private readonly ParkedSessions _parked = new();

    [Fact]
    public void Take_Lane_GivesTheLatestOfThatLane()
    {
        var (first, second, other) = (Park(A), Park(A), Park(B));
        _parked.Take(A).ShouldBe(second);
        _parked.Take(A).ShouldBe(first);
        _parked.Take(A).ShouldBeNull();
        _parked.Take(B).ShouldBe(other);
    }

    [Fact]
    public void Take_One_OnlyOnceAndLeavesTheOthersInOrder()
    {
        var (first, second, third) = (Park(A), Park(A), Park(A));
        _parked.Take(second).ShouldBeTrue();
        _parked.Take(second).ShouldBeFalse();
        _parked.Take(A).ShouldBe(third);
        _parked.Take(A).ShouldBe(first);
        _parked.Take(first).ShouldBeFalse();
    }

    [Fact]
    public async Task Work_CompletesOnce()
    {
        var parked = Park(A);
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test"));
        parked.Resume([delivery]);
        parked.Close();
        (await parked.Work).ShouldBe([delivery]);
        var closed = Park(A);
        closed.Close();
        closed.Resume([delivery]);
        (await closed.Work).ShouldBeNull();
    }

    [Fact]
    public void MakeRoom_ClosesOneThatIsParked()
    {
        var (first, second) = (Park(A), Park(B));
        _parked.MakeRoom();
        new[] { first, second }.Count(parked => parked.Work.IsCompleted).ShouldBe(1);
    }

    [Fact]
    public void MakeRoom_NobodyParked_ClosesWhoeverParksUntilRoomIsMade()
    {
        _parked.MakeRoom();
        var refused = Park(A);
        refused.Work.IsCompleted.ShouldBeTrue();
        _parked.Take(A).ShouldBeNull();
        _parked.RoomMade();
        Park(A).Work.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(WaitReason.NothingDue, true)]
    [InlineData(WaitReason.RateLimit, true)]
    [InlineData(WaitReason.WarmupBudget, true)]
    [InlineData(WaitReason.SessionLost, false)]
    [InlineData(WaitReason.SessionExhausted, false)]
    [InlineData(WaitReason.StoreUnavailable, false)]
    public void Answer_NoWork_ParksAgainWhereMoreMayCome(WaitReason reason, bool parksAgain)
    {
        var (below, parked) = (Park(A), Park(A));
        _parked.Take(A).ShouldBe(parked);
        _parked.Answer(parked, new ClaimResult.NotNow(reason, null));
        parked.Work.IsCompleted.ShouldBe(!parksAgain);
        _parked.Take(A).ShouldBe(parksAgain ? parked : below);
    }

    [Fact]
    public async Task Answer_NoWorkAndItsTimeIsOver_Closes()
    {
        var parked = Park(A);
        _parked.Take(A).ShouldBe(parked);
        _parked.Take(parked).ShouldBeFalse();
        _parked.Answer(parked, new ClaimResult.NotNow(WaitReason.NothingDue, null));
        (await parked.Work).ShouldBeNull();
        _parked.Take(A).ShouldBeNull();
    }

    [Fact]
    public async Task Answer_Work_Resumes()
    {
        var parked = Park(A);
        _parked.Take(A).ShouldBe(parked);
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test"));
        _parked.Answer(parked, new ClaimResult.Granted(parked.Session, [delivery]));
        (await parked.Work).ShouldBe([delivery]);
        _parked.Take(A).ShouldBeNull();
    }

    private ParkedSessions.Parked Park(LaneKey lane) => _parked.Park(lane, SessionId.New(Sample.Start));
}
