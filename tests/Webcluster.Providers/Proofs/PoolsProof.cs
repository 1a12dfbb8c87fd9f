using Webcluster.Providers.Model;
using Webcluster.Providers.Senders;
using Webcluster.Providers.Server;
using Webcluster.TestKit.Report;

namespace Webcluster.Providers.Proofs;

/// <summary>
/// Two nodes with sources of their own in one pool: mail leaves from each source by its weight, as the provider saw it; and when a node has
/// died, from those of the other one.
/// </summary>
internal sealed record PoolsProof(int Mails)
{
    private const string Domain = "pools.example";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly PoolSource[][] Sources =
    [
        [new("127.0.0.2", 1), new("127.0.0.3", 2)],
        [new("127.0.0.4", 3), new("127.0.0.5", 4)],
    ];

    private static ProviderProfile Profile => new()
    {
        Name = "pools", Domains = [Domain], Hosts = ["mx.pools.example"], OffersTls = false, Limits = new() { },
        Slowness = TimeSpan.FromMilliseconds(20),
        Replies = new Dictionary<RefusalKind, ProviderReply> { [RefusalKind.UnknownUser] = new(550, "5.1.1 unknown") },
    };

    public async Task<IReadOnlyList<Figure>> RunAsync(Runner runner, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using var world = ProviderWorld.Start([Profile], speed: 1);
        var all = Sources.SelectMany(own => own).ToList();
        await using var cluster = await NodeCluster.StartAsync(folder, world, [.. Sources.Select(NodeTraffic.Pool)]);
        var record = world.Providers[0].Record;
        await DeliverAsync(runner, cluster, record, cancellation);
        var both = Deviation(runner, record.Attempts, all);
        var first = record.Attempts;
        var speed = first.Count / (first[^1].At - first[0].At).TotalSeconds;
        var carried = (double)first.Count / Math.Max(1, record.Connections);
        var within = Sources.Max(own => Deviation(runner, record.Attempts, own));
        runner.Say($"kill -9 {cluster.Nodes[1].Name}");
        var before = record.Attempts.Count;
        await cluster.Nodes[1].KillAsync();
        await DeliverAsync(runner, cluster, record, cancellation);
        var after = record.Attempts.Skip(before).ToList();
        var one = Deviation(runner, after, Sources[0]);
        var strangers = record.Attempts.Count(attempt => all.TrueForAll(source => source.Address != attempt.Source.ToString()));
        return
        [
            new Figure("providers_pools_deviation", both, AtMost: 0.03),
            new Figure("providers_pools_deviation_within_node", within, AtMost: 0.03),
            new Figure("providers_pools_deviation_after_death", one, AtMost: 0.03),
            new Figure("providers_pools_mails_a_second", speed),
            new Figure("providers_pools_mails_a_connection", carried),
            new Figure("providers_pools_strangers", strangers, AtMost: 0),
            new Figure("providers_pools_mails", record.Taken, AtLeast: 2 * Mails),
        ];
    }

    private async Task DeliverAsync(Runner runner, NodeCluster cluster, ProviderRecord record, CancellationToken cancellation)
    {
        var before = record.Taken;
        var accepted = await runner.SubmitAsync(cluster, Mails, batch => $"b{before}-{batch}@{Domain}", cancellation);
        if (!await Runner.UntilAsync(() => record.Taken - before >= accepted.Count, Patience, cancellation))
            throw new TimeoutException($"{record.Taken - before} of {accepted.Count} mails came\n{cluster.Output}");
    }

    /// <summary>How far the share of any of these sources in the mails of them all is from its weight's, at most.</summary>
    private static double Deviation(Runner runner, IReadOnlyList<Attempt> attempts, IReadOnlyList<PoolSource> sources)
    {
        var taken = attempts.Where(attempt => attempt.Refusal is null).CountBy(attempt => attempt.Source.ToString()).ToDictionary();
        var mails = sources.Select(source => taken.GetValueOrDefault(source.Address)).ToList();
        var (most, weights) = (0.0, sources.Sum(source => source.Weight));
        foreach (var (source, count) in sources.Zip(mails))
        {
            var share = (double)count / Math.Max(1, mails.Sum());
            var asked = (double)source.Weight / weights;
            runner.Say($"{source.Address}: {share:P1} of {mails.Sum()} mails, its weight is {asked:P1}");
            most = Math.Max(most, Math.Abs(share - asked));
        }

        return most;
    }
}
