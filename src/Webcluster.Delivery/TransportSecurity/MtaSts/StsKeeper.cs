using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>Reads the known policies at start, fetches those anew that would end, and keeps the file up to date.</summary>
internal sealed partial class StsKeeper(StsStore store, StsPolicies policies, TimeProvider time, ILogger<StsKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Guarded(store.Load);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Guarded(store.Save);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, stoppingToken);
            // Before the fetching, which takes as long as others let it.
            Guarded(store.Save);
            await policies.RefreshAsync(stoppingToken);
            Guarded(store.Save);
        }
    }

    // Mail goes on without the file: what it would have kept is fetched again.
    private void Guarded(Action fileWork)
    {
        try
        {
            fileWork();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            FileTrouble(failure.Message);
        }
    }

    [LoggerMessage(3050, LogLevel.Warning,
        "the file of known MTA-STS policies cannot be used: {Reason}; after a restart they are fetched again")]
    private partial void FileTrouble(string reason);
}
