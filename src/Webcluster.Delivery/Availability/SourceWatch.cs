using Microsoft.Extensions.Hosting;
using Webcluster.Delivery.Sources;

namespace Webcluster.Delivery.Availability;

/// <summary>Probes every source before delivery begins, and again and again. A round takes no longer than one probe.</summary>
internal sealed class SourceWatch(SourceBook book, EgressDialer dialer, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ProbeAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Probes all sources now.</summary>
    public Task ProbeAsync(CancellationToken cancellation) => Task.WhenAll(book.All.Select(source => ProbeAsync(source, cancellation)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await ProbeAsync(stoppingToken);
    }

    private async Task ProbeAsync(Source source, CancellationToken cancellation)
    {
        var trouble = await dialer.ProbeAsync(source, cancellation);
        if (!cancellation.IsCancellationRequested) book.Probed(source, trouble);
    }
}
