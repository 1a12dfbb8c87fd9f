using Webcluster.Delivery.Pump;
using Webcluster.Submission.Listeners;

namespace Webcluster.Node.Lifecycle;

/// <summary>
/// Takes the node into service, out of it and back, and out of it for good. Draining: not ready at once; delivery hands back what is not
/// past DATA; submission goes on for node.drain_delay, so that a load balancer that has not noticed yet sends nobody into a refusal, then
/// answers 421. Safe for concurrent use.
/// </summary>
internal sealed partial class NodeDrain(
    Readiness readiness, SubmissionGate submission, DeliveryGate delivery, ProcessOptions options, TimeProvider time,
    ILogger<NodeDrain> log) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _closing;

    /// <summary>Drained: nobody is connected, nothing is under way.</summary>
    public bool IsDone => !submission.IsOpen && submission.Sessions == 0 && !delivery.IsOpen && delivery.Sessions == 0;

    /// <summary>All listeners are bound: from here on mail goes out too.</summary>
    public void Started()
    {
        lock (_lock)
        {
            readiness.Started();
            delivery.Open();
        }
    }

    /// <summary>The process comes to its end: nothing is resumed from here on, and nothing is claimed.</summary>
    /// <returns>For how long submission is to go on, so that load balancers hear of it.</returns>
    public TimeSpan Stop()
    {
        lock (_lock)
        {
            StopTimer();
            var before = readiness.Stop();
            delivery.Close();
            return before.Phase switch
            {
                NodePhase.Starting => TimeSpan.Zero,
                NodePhase.Draining => RestOfDelay(time.GetUtcNow() - before.Since),
                _ => options.DrainDelay,
            };
        }
    }

    /// <summary>Begins draining; a node that drains already only takes the new reason.</summary>
    /// <returns>False where the node is starting or stopping.</returns>
    public bool TryDrain(string reason)
    {
        lock (_lock)
        {
            var isNew = readiness.State.Phase == NodePhase.Ready;
            if (!readiness.TryDrain(reason)) return false;
            if (!isNew) return true;
            LogDraining(reason);
            delivery.Close();
            if (options.DrainDelay > TimeSpan.Zero)
                _closing = time.CreateTimer(CloseSubmission, null, options.DrainDelay, Timeout.InfiniteTimeSpan);
            else submission.Close();
            return true;
        }
    }

    /// <returns>False where the node is starting or stopping.</returns>
    public bool TryResume()
    {
        lock (_lock)
        {
            var wasDraining = readiness.State.Phase == NodePhase.Draining;
            if (!readiness.TryResume()) return false;
            if (!wasDraining) return true;
            StopTimer();
            submission.Open();
            delivery.Open();
            LogResumed();
            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock) StopTimer();
    }

    private void CloseSubmission(object? _)
    {
        lock (_lock)
        {
            // The timer may fire while the node is resumed.
            if (_closing is null) return;
            StopTimer();
            submission.Close();
        }
    }

    private TimeSpan RestOfDelay(TimeSpan passed) =>
        TimeSpan.FromTicks(Math.Clamp((options.DrainDelay - passed).Ticks, 0, options.DrainDelay.Ticks));

    private void StopTimer()
    {
        _closing?.Dispose();
        _closing = null;
    }

    [LoggerMessage(4203, LogLevel.Information, "the node drains: {Reason}")]
    private partial void LogDraining(string reason);

    [LoggerMessage(4204, LogLevel.Information, "the node is back in service")]
    private partial void LogResumed();
}
