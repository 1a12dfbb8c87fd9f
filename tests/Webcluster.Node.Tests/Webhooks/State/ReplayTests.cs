using Shouldly;
using Webcluster.Node.Webhooks.State;
using Webcluster.Queue.Events;
using Xunit;

namespace Webcluster.Node.Tests.Webhooks.State;

public sealed class ReplayTests
{
    private static readonly DateTimeOffset From = WebhookSamples.At;
    private static readonly DateTimeOffset To = From.AddHours(1);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(3600, true)]
    [InlineData(3601, false)]
    public void Wants_OfATime_BothEnds(int seconds, bool wanted) => new Replay(From, To, null).Wants(At(seconds)).ShouldBe(wanted);

    [Theory]
    [InlineData("evt-0", true)]
    [InlineData("evt-1", false)]
    public void Wants_OfOne_WheneverItHappened(string id, bool wanted) =>
        new Replay(DateTimeOffset.MinValue, To, id).Wants(At(99_999)).ShouldBe(wanted);

    // A full page of late events may be one part's of the log, and the next page another part's early ones.
    [Theory]
    [InlineData(new int[0], false, true)]
    [InlineData(new[] { 3601, 3700 }, false, true)]
    [InlineData(new[] { 10, 3700 }, false, false)]
    [InlineData(new[] { 3601, 3700 }, true, false)]
    public void EndsWith_OnlyAtTheEndOfTheLog(int[] seconds, bool isFull, bool ends) =>
        new Replay(From, To, null).EndsWith([.. seconds.Select(At)], isFull).ShouldBe(ends);

    [Fact]
    public void EndsWith_TheOneLookedFor_EvenInAFullPage() =>
        new Replay(From, To, "evt-0") { Found = 1 }.EndsWith([At(10)], isFull: true).ShouldBeTrue();

    [Fact]
    public void Start_IsALittleEarlier_AndNeverBeforeTime()
    {
        new Replay(From, To, null).Start.ShouldBe(From.AddMinutes(-1));
        new Replay(DateTimeOffset.MinValue, To, null).Start.ShouldBe(DateTimeOffset.MinValue);
    }

    private static StoredEvent At(int seconds) => new("evt-0", WebhookSamples.Event("m") with { At = From.AddSeconds(seconds) });
}
