using System.Globalization;
using Webcluster.Providers.Model;
using Webcluster.Providers.Senders;
using Webcluster.Providers.Server;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Report;

namespace Webcluster.Providers.Proofs;

/// <summary>
/// Limits that the nodes are told hold for the whole cluster: so many connections, so many mails a second, from nodes that share one Redis;
/// also while nodes are killed. The provider refuses whatever is beyond.
/// </summary>
internal sealed record ExactProof(int Nodes, int Connections, int PerSecond, TimeSpan Lasts, bool Kill)
{
    private const string Domain = "exact.example";
    private static readonly TimeSpan FirstMail = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(5);

    private TrafficLimits Limits => new() { Connections = Connections, Messages = Rate.Of(PerSecond, TimeSpan.FromSeconds(1)) };

    // Twice the burst of the sender's limit: what the sender sends evenly may come in unevenly.
    private ProviderProfile Profile => new()
    {
        Name = "exact", Domains = [Domain], Hosts = ["mx.exact.example"], OffersTls = false,
        Limits = Limits with { Messages = Limits.Messages!.Value with { Burst = 2 * PerSecond } },
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [RefusalKind.TooManyConnections] = new(421, "4.7.0 too many connections from {ip}"),
            [RefusalKind.TooManyMessages] = new(451, "4.7.1 too much mail from {ip}"),
            [RefusalKind.UnknownUser] = new(550, "5.1.1 unknown"),
        },
    };

    public async Task<IReadOnlyList<Figure>> RunAsync(Runner runner, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using var world = ProviderWorld.Start([Profile], speed: 1);
        await using var cluster = await NodeCluster.StartAsync(folder, world, [.. Enumerable.Repeat(NodeTraffic.Limited(Domain, Limits), Nodes)]);
        runner.Say($"{Nodes} nodes, one Redis; at most {Connections} connections and {PerSecond} mails a second");
        var mails = (int)(PerSecond * Lasts.TotalSeconds * 1.25);
        var submitting = runner.SubmitAsync(cluster, mails, batch => $"b{batch}@{Domain}", cancellation);
        var record = world.Providers[0].Record;
        if (!await Runner.UntilAsync(() => record.Taken > 0, FirstMail, cancellation))
            throw new TimeoutException($"no mail came\n{cluster.Output}");
        var killing = Kill ? KillAsync(runner, cluster, cancellation) : Task.CompletedTask;
        await Task.WhenAll(submitting, killing, Task.Delay(Lasts, cancellation));
        return Reckon(runner, record);
    }

    private IReadOnlyList<Figure> Reckon(Runner runner, ProviderRecord record)
    {
        var taken = record.Attempts.Where(attempt => attempt.Refusal is null).ToList();
        var end = taken[0].At + Lasts;
        var inTime = taken.Where(attempt => attempt.At < end).ToList();
        foreach (var node in inTime.GroupBy(attempt => attempt.Hello)) runner.Say($"{node.Key}: {node.Count()} mails");
        foreach (var refused in record.Attempts.Where(attempt => attempt.Refusal is not null).GroupBy(attempt => attempt.Refusal))
            runner.Say($"refused, {refused.Key}: {refused.Count()}");
        var asked = PerSecond * Lasts.TotalSeconds;
        var name = string.Create(CultureInfo.InvariantCulture, $"providers_exact{(Kill ? "_kill" : "")}");
        return
        [
            new Figure($"{name}_connections_max", record.MostConnections, AtMost: Connections),
            new Figure($"{name}_mails", inTime.Count, AtMost: asked * 1.02, AtLeast: asked * 0.98),
            new Figure($"{name}_refused", record.Attempts.Count(attempt => attempt.Refusal is not null), AtMost: 0),
        ];
    }

    /// <summary>One node after another; each comes back.</summary>
    private async Task KillAsync(Runner runner, NodeCluster cluster, CancellationToken cancellation)
    {
        var end = DateTime.UtcNow + Lasts;
        for (var i = 1; DateTime.UtcNow + BetweenKills < end; i++)
        {
            await Task.Delay(BetweenKills - Away, cancellation);
            var node = cluster.Nodes[i % cluster.Nodes.Count];
            runner.Say($"kill -9 {node.Name}");
            await node.KillAsync();
            await Task.Delay(Away, cancellation);
            await node.StartAsync();
        }
    }
}
