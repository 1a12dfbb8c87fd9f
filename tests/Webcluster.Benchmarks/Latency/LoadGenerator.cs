using System.Diagnostics;

namespace Webcluster.Benchmarks.Latency;

/// <summary>
/// Sends the mails of a run over some connections. With a rate, mail n is due n/rate after the beginning, whatever became of those before
/// it: one that is begun late, because every connection still waits for the node, has waited since it was due.
/// </summary>
internal sealed class LoadGenerator(Load load, Flights flights)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private int _next = -1;

    /// <summary>Until all are sent.</summary>
    public async Task RunAsync(CancellationToken cancellation) =>
        await Task.WhenAll(Enumerable.Range(0, load.Connections).Select(_ => SendAsync(cancellation)));

    private async Task SendAsync(CancellationToken cancellation)
    {
        using var sender = new SmtpSender(load);
        await Task.Yield();
        for (int index; (index = Interlocked.Increment(ref _next)) < flights.Count;)
            await sender.SendAsync(flights.First + index, await DueAsync(index, cancellation), flights, cancellation);
    }

    /// <returns>How late it is.</returns>
    private async ValueTask<long> DueAsync(int index, CancellationToken cancellation)
    {
        if (load.Rate <= 0) return 0;
        var due = _began + (long)(index / load.Rate * Stopwatch.Frequency);
        var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        if (wait > TimeSpan.Zero) await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), cancellation);
        return Math.Max(0, Stopwatch.GetTimestamp() - due);
    }
}
