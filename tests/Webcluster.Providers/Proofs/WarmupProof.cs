using Webcluster.Providers.Model;
using Webcluster.Providers.Senders;
using Webcluster.Providers.Server;
using Webcluster.TestKit.Report;

namespace Webcluster.Providers.Proofs;

/// <summary>
/// A new source at three providers, day after day, from three nodes with one Redis, which are killed now and then. There is always more mail
/// than the day's budget. One provider defers for some days. A day is as long as its budget takes; then the clock of all programs jumps.
/// </summary>
internal sealed record WarmupProof(int Days, int PerDay)
{
    public const int FirstDeferring = 10, LastDeferring = 14;
    private const int DeferEvery = 8;
    private const int KillEvery = 4;
    private const int Nodes = 3;
    private const string Source = "127.0.0.9";

    private static readonly string[] Names = ["steady", "even", "deferring"];
    private static readonly TimeSpan DayBound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DisturbedDay = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan DeferringDay = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Evening = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AtMidnight = TimeSpan.FromMilliseconds(200);

    public async Task<IReadOnlyList<Figure>> RunAsync(Runner runner, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        var time = new JumpingTime(folder);
        await using var world = ProviderWorld.Start(Names.Select(Profile), speed: 1, time);
        var traffic = NodeTraffic.WarmedUp(Source, $"{PerDay}/day + {PerDay}/day");
        await using var cluster = await NodeCluster.StartAsync(folder, world, [.. Enumerable.Repeat(traffic, Nodes)]);
        var tracks = world.Providers.Select((provider, i) => new WarmupTrack(provider, PerDay) { Defers = i == Names.Length - 1 }).ToList();
        for (var day = 1; day <= Days; day++)
        {
            await SubmitAsync(runner, cluster, tracks, cancellation);
            await PlayAsync(runner, cluster, tracks, day, cancellation);
            // The clock jumps to shortly before midnight: a node that finds its lease stale gives back what it holds, which would count as used.
            var midnight = new DateTimeOffset(time.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
            time.JumpTo(midnight - Evening);
            await Task.Delay(Evening - AtMidnight, cancellation);
            runner.Say($"day {day}: {string.Join(", ", tracks.Select(track => track.EndDay(day)))}");
        }

        return [.. tracks.SelectMany(track => track.Figures(Days)), new Figure("providers_warmup_bounced", world.Reports.Record.Failed.Count, AtMost: 0)];
    }

    private static ProviderProfile Profile(string name) => new()
    {
        Name = name, Domains = [$"{name}.example"], Hosts = [$"mx.{name}.example"], OffersTls = false, Limits = new() { },
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [RefusalKind.UnknownUser] = new(550, "5.1.1 unknown"),
            [RefusalKind.TooManyMessages] = new(451, "4.7.1 Too many messages from {ip} today, slow down"),
        },
    };

    /// <summary>So much that each provider's next two budgets are there.</summary>
    private static async Task SubmitAsync(Runner runner, NodeCluster cluster, IEnumerable<WarmupTrack> tracks, CancellationToken cancellation)
    {
        foreach (var track in tracks)
        {
            var missing = track.Missing;
            if (missing <= 0) continue;
            var accepted = await runner.SubmitAsync(cluster, missing, batch => $"d{track.Submitted}-{batch}@{track.Name}.example", cancellation);
            track.Submitted += accepted.Count;
        }
    }

    private static async Task PlayAsync(
        Runner runner, NodeCluster cluster, IReadOnlyList<WarmupTrack> tracks, int day, CancellationToken cancellation)
    {
        var defers = day is >= FirstDeferring and <= LastDeferring;
        foreach (var track in tracks.Where(track => track.Defers)) track.Provider.RefuseEvery = defers ? DeferEvery : 0;
        if (day % KillEvery == 0)
        {
            // In the middle of the day: half of what the first may send has come.
            await Runner.UntilAsync(() => tracks[0].Today * 2 >= tracks[0].Budget, DayBound, cancellation);
            var node = cluster.Nodes[day / KillEvery % cluster.Nodes.Count];
            runner.Say($"kill -9 {node.Name}");
            await node.KillAsync();
            await node.StartAsync();
            foreach (var track in tracks) track.IsDisturbed = true;
        }

        var bound = tracks[0].IsDisturbed ? DisturbedDay : DayBound;
        var patient = tracks.Where(track => !(defers && track.Defers)).ToList();
        await Runner.UntilAsync(() => patient.TrueForAll(track => track.Today >= track.Budget), bound, cancellation);
        if (defers) await Task.Delay(DeferringDay, cancellation);
        // A mail too many would come now.
        await Task.Delay(Quiet, cancellation);
    }
}
