using Webcluster.Submission.Listeners;

namespace Webcluster.Node.Lifecycle;

/// <summary>
/// What happens before anything is stopped: /readyz says no, load balancers get their time to hear it, then submission takes nothing new
/// and its open transactions come to their end. Half of the shutdown time at most: the other half is delivery's.
/// </summary>
internal sealed class GracefulStop(Readiness readiness, SubmissionGate gate, ProcessOptions options, TimeProvider time)
    : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var before = readiness.Stop();
        // Of a node that drained before, they have heard.
        if (options.DrainDelay > TimeSpan.Zero && before != NodePhase.Draining)
            await Task.Delay(options.DrainDelay, time, cancellationToken);
        using var half = new CancellationTokenSource(options.ShutdownTimeout / 2, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(half.Token, cancellationToken);
        await gate.StopAsync(both.Token);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
