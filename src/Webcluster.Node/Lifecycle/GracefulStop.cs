using Webcluster.Submission.Listeners;

namespace Webcluster.Node.Lifecycle;

/// <summary>
/// What happens before anything is stopped. /readyz says no and delivery claims nothing more: what is past DATA has all the time there
/// is. Load balancers get theirs to hear it; then submission takes nothing new and its open transactions come to their end, in half of
/// what is left at most. Requests over HTTP that still run then get a moment.
/// </summary>
internal sealed class GracefulStop(
    NodeDrain drain, SubmissionGate submission, RequestBound requests, ProcessOptions options, TimeProvider time) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var delay = drain.Stop();
        if (delay > TimeSpan.Zero) await Task.Delay(delay, time, cancellationToken);
        using var half = new CancellationTokenSource((options.ShutdownTimeout - delay) / 2, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(half.Token, cancellationToken);
        await submission.StopAsync(both.Token);
        requests.Begin();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
