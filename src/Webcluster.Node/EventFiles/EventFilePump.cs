namespace Webcluster.Node.EventFiles;

/// <summary>One loop for each file, beside each other: one that cannot be written keeps neither mail nor the others waiting.</summary>
internal sealed class EventFilePump(EventFileListener files, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What the others took of the time to stop is no reason to lose their last events; a disk that hangs is one.
        using var bound = new CancellationTokenSource(StopBound, time);
        await base.StopAsync(bound.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var loops = files.Writers.Select(writer => writer.RunAsync(ending.Token)).ToList();
        // They end when the node does; one that dies takes the node with it.
        await Task.WhenAny(loops);
        await ending.CancelAsync();
        await Task.WhenAll(loops);
    }
}
