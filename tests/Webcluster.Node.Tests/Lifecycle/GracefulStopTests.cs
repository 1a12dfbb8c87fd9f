using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Webcluster.Delivery.Pump;
using Webcluster.Node.Lifecycle;
using Webcluster.Submission.Listeners;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Node.Tests.Lifecycle;

/// <summary>The order in which a node goes into service and out of it, by a clock of the test.</summary>
public sealed class GracefulStopTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly ProcessOptions _options = new() { DrainDelay = TimeSpan.FromSeconds(5) };
    private readonly SubmissionGate _submission = new(NullLogger<SubmissionGate>.Instance);
    private readonly DeliveryGate _delivery = new();
    private readonly RequestBound _requests;
    private readonly Readiness _readiness;
    private readonly NodeDrain _drain;
    private readonly GracefulStop _stop;

    public GracefulStopTests()
    {
        _requests = new RequestBound(_clock);
        _readiness = new Readiness(_clock);
        _drain = new NodeDrain(_readiness, _submission, _delivery, _options, _clock, NullLogger<NodeDrain>.Instance);
        _stop = new GracefulStop(_drain, _submission, _requests, _options, _clock);
    }

    public void Dispose()
    {
        _drain.Dispose();
        _requests.Dispose();
        _submission.Dispose();
        _delivery.Dispose();
    }

    [Fact]
    public void Started_OpensDelivery_NotBefore()
    {
        _delivery.IsOpen.ShouldBeFalse();
        _drain.Started();
        (_delivery.IsOpen, _readiness.State.Phase).ShouldBe((true, NodePhase.Ready));
    }

    [Fact]
    public async Task Stopping_ClosesDeliveryBeforeAnythingElse()
    {
        _drain.Started();

        var stopping = _stop.StoppingAsync(CancellationToken.None);

        (_delivery.IsOpen, _submission.IsOpen, _readiness.State.Phase).ShouldBe((false, true, NodePhase.Stopping));
        await ClosesSubmissionAfterAsync(stopping, TimeSpan.FromSeconds(5));
        _requests.Over.IsCancellationRequested.ShouldBeFalse("requests get a moment");
        _clock.Advance(TimeSpan.FromSeconds(2));
        _requests.Over.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Stopping_WithinTheDrainDelay_WaitsForItsRest()
    {
        _drain.Started();
        _drain.TryDrain("");
        _clock.Advance(TimeSpan.FromSeconds(3));

        await ClosesSubmissionAfterAsync(_stop.StoppingAsync(CancellationToken.None), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Stopping_OfANodeDrainedForLong_WaitsForNothing()
    {
        _drain.Started();
        _drain.TryDrain("");
        _clock.Advance(TimeSpan.FromSeconds(6));
        await _stop.StoppingAsync(CancellationToken.None).Soon();
    }

    [Fact]
    public async Task Stopping_OfANodeThatNeverStarted_WaitsForNothing()
    {
        await _stop.StoppingAsync(CancellationToken.None).Soon();
        _delivery.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public async Task Resumed_DeliversAgain_ButNotWhileStopping()
    {
        _drain.Started();
        _drain.TryDrain("").ShouldBeTrue();
        _delivery.IsOpen.ShouldBeFalse();
        _drain.TryResume().ShouldBeTrue();
        _delivery.IsOpen.ShouldBeTrue();

        var stopping = _stop.StoppingAsync(CancellationToken.None);
        (_drain.TryResume(), _drain.TryDrain(""), _delivery.IsOpen).ShouldBe((false, false, false));
        await ClosesSubmissionAfterAsync(stopping, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(15.1, false)]
    [InlineData(-1, false)]
    public void DrainDelay_MoreThanHalfOfShutdownTimeout_IsAProblem(double seconds, bool isFine) =>
        new ProcessOptions { DrainDelay = TimeSpan.FromSeconds(seconds) }.Problems().ShouldBe(
            isFine ? [] : [("drain_delay", "must be at most half of shutdown_timeout")]);

    private async Task ClosesSubmissionAfterAsync(Task stopping, TimeSpan delay)
    {
        _clock.Advance(delay - TimeSpan.FromMilliseconds(1));
        (stopping.IsCompleted, _submission.IsOpen).ShouldBe((false, true));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await stopping.Soon();
        _submission.IsOpen.ShouldBeFalse();
    }
}
