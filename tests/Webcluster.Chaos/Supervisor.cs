using System.Globalization;
using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;
using Webcluster.Chaos.Load;

namespace Webcluster.Chaos;

/// <summary>Starts nodes again that ended by themselves, which is held against them, and says now and then how it goes.</summary>
internal sealed class Supervisor(ChaosCluster cluster, MailLoad load, Journal journal) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private const int LooksPerReport = 50;

    private readonly CancellationTokenSource _stop = new();

    public async Task RunAsync()
    {
        for (var look = 1; !_stop.IsCancellationRequested; look++)
        {
            await Task.Delay(LookEvery, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cluster.Nodes.FirstOrDefault(node => node.EndedByItself) is { } ended) await ReviveAsync(ended);
            if (look % LooksPerReport == 0) await ReportAsync();
        }
    }

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    private async Task ReviveAsync(ClusterNode node)
    {
        journal.EndedByItself(node.Name);
        await node.StartAsync();
    }

    private async Task ReportAsync()
    {
        var queued = cluster.Running.FirstOrDefault() is { } node ? await node.QueuedAsync() : null;
        var left = queued?.ToString(CultureInfo.InvariantCulture) ?? "nobody knows how many";
        journal.Say($"... {load.Accepted().Count} accepted, {load.Uncertain().Count} uncertain, {left} queued");
    }
}
