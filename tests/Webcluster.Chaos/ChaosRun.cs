using System.Diagnostics;
using System.Globalization;
using System.Net;
using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Faults;
using Webcluster.Chaos.Ledger;
using Webcluster.Chaos.Load;
using Webcluster.Chaos.Report;

namespace Webcluster.Chaos;

/// <summary>One run: the cluster, the load, the faults while it lasts, and the reckoning when all is quiet.</summary>
internal sealed class ChaosRun(ChaosPlan plan, TextWriter output)
{
    private readonly Journal _journal = new(output);
    private readonly Random _chance = new(plan.Seed);

    public static Task<ChaosReport> RunAsync(ChaosPlan plan, TextWriter output, CancellationToken cancellation) =>
        new ChaosRun(plan, output).RunAsync(cancellation);

    private async Task<ChaosReport> RunAsync(CancellationToken cancellation)
    {
        _journal.Say($"seed {plan.Seed}; {plan.Cluster.Nodes} nodes, {plan.Cluster.Store}; faults: {string.Join(", ", plan.Faults)}");
        await using var cluster = await ChaosCluster.StartAsync(plan.Cluster);
        foreach (var shortcoming in cluster.Shortcomings) _journal.Say($"not available here: {shortcoming}");
        var load = new MailLoad(new IPEndPoint(IPAddress.Loopback, cluster.Balancer.Port), plan.Load);
        using var supervisor = new Supervisor(cluster, load, _journal);
        var supervising = supervisor.RunAsync();
        try
        {
            var took = await LoadAsync(cluster, load, cancellation);
            var left = await cluster.EmptiedAsync(plan.EmptyWithin, cancellation);
            _journal.Say(left == 0 ? "the queue is empty" : $"still queued: {left?.ToString(CultureInfo.InvariantCulture) ?? "nobody answers"}");
            return await ReckonAsync(cluster, load, took, left);
        }
        finally
        {
            supervisor.Stop();
            if (plan.KeepLogs is { } folder) cluster.CopyLogs(folder);
            await supervising;
        }
    }

    /// <summary>Load and faults, until the load is done.</summary>
    private async Task<TimeSpan> LoadAsync(ChaosCluster cluster, MailLoad load, CancellationToken cancellation)
    {
        _journal.Say($"{plan.Cluster.Started} nodes are up; {plan.Load.Mails} mails at {plan.Load.Rate}/s");
        var began = Stopwatch.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = load.RunAsync(stop.Token);
        try
        {
            await StrikeAsync(cluster, running, cancellation);
            await running;
        }
        finally
        {
            await stop.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _journal.Say($"the load is done: {load.Accepted().Count} accepted, {load.Uncertain().Count} uncertain");
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task StrikeAsync(ChaosCluster cluster, Task load, CancellationToken cancellation)
    {
        var possible = plan.Faults.Where(fault => IsPossible(fault, cluster)).ToList();
        if (possible.Count == 0) return;
        for (var count = 0; count < plan.MostFaults; count++)
        {
            await Task.WhenAny(load, Task.Delay(plan.Every, cancellation));
            if (load.IsCompleted) return;
            var (fault, lasts) = possible[plan.Random ? _chance.Next(possible.Count) : count % possible.Count];
            await fault.StrikeAsync(new Strike(cluster, _journal, _chance, lasts ?? fault.Lasts), cancellation);
        }
    }

    private bool IsPossible(PlannedFault planned, ChaosCluster cluster)
    {
        if (planned.Fault.WhyNot(cluster) is not { } why) return true;
        _journal.Skip(planned.Fault.Name, why);
        return false;
    }

    private async Task<ChaosReport> ReckonAsync(ChaosCluster cluster, MailLoad load, TimeSpan took, long? left)
    {
        var books = new Books
        {
            Accepted = Set(load.Accepted()),
            Uncertain = Set(load.Uncertain()),
            Submissions = load.Submissions,
            Arrivals = await cluster.Sinks.ArrivalsAsync(),
            Bounced = Set(cluster.Sinks.Bounced()),
            Marked = Set(cluster.Nodes.SelectMany(node => node.Log.Marked)),
            Attempts = [.. cluster.Nodes.SelectMany(node => node.Log.Attempts)],
            Reapings = [.. cluster.Nodes.SelectMany(node => node.Log.Reapings)],
            NodeFaults = cluster.Nodes.Sum(node => node.Log.Faults),
            StillQueued = left ?? 0,
        };
        return ChaosReport.Of(books, _journal, plan.Bounds, took);
    }

    private static HashSet<string> Set(IEnumerable<string> recipients) => new(recipients, StringComparer.Ordinal);
}
