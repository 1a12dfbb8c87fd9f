using System.CommandLine;
using System.Globalization;
using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Faults;

namespace Webcluster.Chaos;

/// <summary>The command line: a proof, or one's own mixture.</summary>
internal static class ChaosCommand
{
    private static readonly Option<int> Proof = new("--proof")
    {
        Description = "2: nodes are killed; 3: Redis is killed; 4: nodes come and go; 5: a node stands still. The other options change it.",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<int?> Nodes = new("--nodes") { Description = "Nodes in all." };
    private static readonly Option<int?> Mails = new("--mails") { Description = "Mails to be accepted." };
    private static readonly Option<double?> Rate = new("--rate") { Description = "Mails a second at most." };
    private static readonly Option<bool> Precise = new("--precise") { Description = "Submit with a client that keeps each answer, not with smtp-source." };
    private static readonly Option<StoreKind?> Store = new("--store") { Description = "Where the queue lives." };

    private static readonly Option<string?> Faults = new("--faults")
    {
        Description = "Names, one after another: \"node-kill,redis-kill=5s\"; \"all\": every one that this machine can do.", HelpName = "NAMES",
    };

    private static readonly Option<bool> Lot = new("--random") { Description = "Draw the next fault by lot." };
    private static readonly Option<string?> Every = new("--every") { Description = "Time between two faults: 5s.", HelpName = "TIME" };
    private static readonly Option<int?> Count = new("--count") { Description = "So many faults at most." };
    private static readonly Option<int?> Seed = new("--seed") { Description = "Of all chance. Printed, so that a run can be had again." };

    private static readonly Option<string?> Keep = new("--keep") { Description = "Copy the nodes' logs to this folder at the end.", HelpName = "FOLDER" };

    public static async Task<int> InvokeAsync(string[] arguments, TextWriter output)
    {
        var root = new RootCommand(Description()) { Proof, Nodes, Mails, Rate, Precise, Store, Faults, Lot, Every, Count, Seed, Keep };
        Proof.AcceptOnlyFromAmong([.. Proofs.Numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))]);
        Faults.Validators.Add(result =>
        {
            if (Parse(result.GetValue(Faults)) is null) result.AddError("--faults: no such fault, or no such time; --help names them");
        });
        Every.Validators.Add(result =>
        {
            if (result.GetValue(Every) is { } text && Time(text) is null) result.AddError("--every: a time is written 500ms, 5s or 2m");
        });
        root.SetAction((parsed, cancellation) => RunAsync(PlanOf(parsed), output, cancellation));
        return await root.Parse(arguments).InvokeAsync();
    }

    private static async Task<int> RunAsync(ChaosPlan plan, TextWriter output, CancellationToken cancellation)
    {
        var missing = new[] { "smtp-source", "smtp-sink", "haproxy", "redis-server" }.Where(tool => Tool.Find(tool) is null).ToList();
        if (missing.Count > 0)
        {
            output.WriteLine($"chaos: not installed: {string.Join(", ", missing)} (Debian: postfix, haproxy, redis-server)");
            return 2;
        }

        try
        {
            var report = await ChaosRun.RunAsync(plan, output, cancellation);
            report.Print(output);
            return report.IsGood ? 0 : 1;
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            output.WriteLine($"chaos: {error.Message}");
            return 2;
        }
    }

    private static ChaosPlan PlanOf(ParseResult parsed)
    {
        var plan = Proofs.Plan(parsed.GetValue(Proof));
        var faults = Parse(parsed.GetValue(Faults)) is { Count: > 0 } given ? given : plan.Faults;
        var nodes = parsed.GetValue(Nodes) ?? plan.Cluster.Nodes;
        return plan with
        {
            Cluster = plan.Cluster with
            {
                Nodes = nodes,
                Started = plan.Cluster.Started == plan.Cluster.Nodes ? nodes : plan.Cluster.Started,
                Store = parsed.GetValue(Store) ?? plan.Cluster.Store,
                SmallDisk = faults.Any(fault => fault.Fault is DiskFull),
                Isolated = faults.Any(fault => fault.Fault is Cut),
            },
            Load = plan.Load with
            {
                Mails = parsed.GetValue(Mails) ?? plan.Load.Mails, Rate = parsed.GetValue(Rate) ?? plan.Load.Rate,
                Precise = parsed.GetValue(Precise),
            },
            Faults = faults,
            Random = parsed.GetValue(Lot),
            Every = Time(parsed.GetValue(Every)) ?? plan.Every,
            MostFaults = parsed.GetValue(Count) ?? plan.MostFaults,
            KeepLogs = parsed.GetValue(Keep),
            Seed = parsed.GetValue(Seed) ?? Environment.TickCount,
        };
    }

    /// <returns>Null where it is wrong.</returns>
    private static IReadOnlyList<PlannedFault>? Parse(string? names)
    {
        if (names is null) return [];
        if (names == "all") return [.. FaultTable.All.Select(fault => new PlannedFault(fault, Lasts: null))];
        var faults = new List<PlannedFault>();
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = name.Split('=');
            if (FaultTable.Find(parts[0]) is not { } fault || parts.Length > 2 || (parts.Length == 2 && Time(parts[1]) is null)) return null;
            faults.Add(new PlannedFault(fault, parts.Length == 2 ? Time(parts[1]) : null));
        }

        return faults;
    }

    private static TimeSpan? Time(string? text)
    {
        foreach (var (unit, of) in new (string, Func<double, TimeSpan>)[] { ("ms", TimeSpan.FromMilliseconds), ("s", TimeSpan.FromSeconds), ("m", TimeSpan.FromMinutes) })
            if (text is not null && text.EndsWith(unit, StringComparison.Ordinal) && double.TryParse(text.AsSpan(0, text.Length - unit.Length), CultureInfo.InvariantCulture, out var number))
                return of(number);
        return null;
    }

    private static string Description() => $"""
        Breaks a cluster under load, and shows that no mail is lost: nodes behind HAProxy, Redis, sinks and smtp-source, all of it real and on this machine.
        Counts what got 250 and what arrived. Exit code 0: nothing lost, nothing twice beyond what the faults excuse, all bounds kept; 1: not so; 2: no run.

        Faults:
        {string.Join('\n', FaultTable.All.Select(fault => $"  {fault.Name,-14}{fault.Purpose} ({fault.Lasts.TotalSeconds:0} s)"))}
        """;
}
