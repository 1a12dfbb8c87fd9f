using System.CommandLine;
using Webcluster.Providers.Proofs;
using Webcluster.TestKit.Report;

namespace Webcluster.Providers;

/// <summary>The command line: the providers alone, or a proof against them.</summary>
internal static class ProvidersCommand
{
    private const double MostSpeed = 60;

    public static Task<int> InvokeAsync(string[] arguments, TextWriter output) => new RootCommand("""
        Mail providers that behave like real ones, on this machine: limits answered in their own words, greylisting, reputation, blocks with
        an end.
        Exit code 0: all bounds kept; 1: not so; 2: no run.
        """) { Serve(output), Exact(output), Learn(output), Warmup(output), Pools(output) }.Parse(arguments).InvokeAsync();

    private static Command Serve(TextWriter output)
    {
        var (speed, realNames) = (Speed(), RealNames());
        var command = new Command("serve", "The providers and their DNS, until Ctrl+C, for senders of one's own.") { speed, realNames };
        command.SetAction((parsed, cancellation) =>
            ServeCommand.RunAsync(parsed.GetValue(speed), parsed.GetValue(realNames), output, cancellation));
        return command;
    }

    private static Command Exact(TextWriter output)
    {
        var nodes = Number("--nodes", 4, "Nodes; they share a Redis.");
        var connections = Number("--connections", 5, "The limit of open connections.");
        var rate = Number("--rate", 20, "The limit of mails a second.");
        var seconds = Number("--seconds", 60, "How long it is watched.");
        var kill = new Option<bool>("--kill") { Description = "Kill a node every 15 s; it comes back 5 s later." };
        var command = new Command("exact", "Proof 1: configured limits hold exactly for the whole cluster.")
        {
            nodes, connections, rate, seconds, kill,
        };
        command.SetAction((parsed, cancellation) => ProveAsync(output, new ExactProof(
            parsed.GetValue(nodes), parsed.GetValue(connections), parsed.GetValue(rate),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(kill)).RunAsync, cancellation));
        return command;
    }

    private static Command Learn(TextWriter output)
    {
        var (speed, realNames) = (Speed(), RealNames());
        var mails = Number("--mails", 10_000, "Mails in all.");
        var hours = Number("--hours", 4, "Simulated hours for each sender, at most.");
        var nodes = Number("--nodes", 1, "Nodes: one has a queue of its own, more share a Redis.");
        var senders = new Option<SenderKind[]>("--senders")
        {
            Description = "Who sends, one after another.", AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => Enum.GetValues<SenderKind>(),
        };
        var command = new Command("learn", "Proof 2: limits that nobody configured are found; Postfix beside it.")
        {
            speed, realNames, mails, hours, nodes, senders,
        };
        command.SetAction((parsed, cancellation) => ProveAsync(output, new LearnProof
        {
            Mails = parsed.GetValue(mails), Speed = parsed.GetValue(speed), Most = TimeSpan.FromHours(parsed.GetValue(hours)),
            Nodes = parsed.GetValue(nodes), RealNames = parsed.GetValue(realNames), Senders = parsed.GetValue(senders)!,
        }.RunAsync, cancellation));
        return command;
    }

    private static Command Warmup(TextWriter output)
    {
        var days = Number("--days", 30, "Simulated days.");
        var perDay = Number("--per-day", 20, "The first day's budget, and what each day adds.");
        const string purpose = "Proof 3: a new source follows its plan at three providers; one that defers holds it; no mail beyond a budget.";
        var command = new Command("warmup", purpose) { days, perDay };
        command.SetAction((parsed, cancellation) =>
            ProveAsync(output, new WarmupProof(parsed.GetValue(days), parsed.GetValue(perDay)).RunAsync, cancellation));
        return command;
    }

    private static Command Pools(TextWriter output)
    {
        var mails = Number("--mails", 3_000, "Mails before a node's death, and as many after it.");
        const string purpose = "Proof 4: each mail leaves from a source of its pool, by weight, also after a node's death.";
        var command = new Command("pools", purpose) { mails };
        command.SetAction((parsed, cancellation) => ProveAsync(output, new PoolsProof(parsed.GetValue(mails)).RunAsync, cancellation));
        return command;
    }

    private static Option<double> Speed()
    {
        var option = new Option<double>("--speed")
        {
            Description = "How many times faster time runs, for providers and senders: at 20 a simulated minute takes three seconds.",
            DefaultValueFactory = _ => 20,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is not (>= 1 and <= MostSpeed)) result.AddError($"--speed: from 1 to {MostSpeed}");
        });
        return option;
    }

    private static Option<bool> RealNames() => new("--real-names")
    {
        Description = "The providers' hosts have their real names, which the shipped catalogue knows. "
            + "Else they have invented ones, and nothing in it applies to them.",
    };

    private static Option<int> Number(string name, int usual, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) < 1) result.AddError($"{name}: at least 1");
        });
        return option;
    }

    private static async Task<int> ProveAsync(
        TextWriter output, Func<Runner, CancellationToken, Task<IReadOnlyList<Figure>>> prove, CancellationToken cancellation)
    {
        var missing = new[] { "smtp-source", "postfix", "redis-server", "faketime" }.Where(tool => Tool.Find(tool) is null).ToList();
        if (missing.Count > 0)
        {
            output.WriteLine($"providers: not installed: {string.Join(", ", missing)} (Debian: postfix, redis-server, faketime)");
            return 2;
        }

        try
        {
            var figures = await prove(new Runner(output), cancellation);
            var broken = figures.Where(figure => !figure.IsKept).ToList();
            foreach (var figure in broken) output.WriteLine($"BROKEN: {figure.Name} is {figure.Value:0.###}, allowed is {figure.Allowed}");
            foreach (var figure in figures) output.WriteLine(figure);
            return broken.Count == 0 ? 0 : 1;
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            output.WriteLine($"providers: {error.Message}");
            return 2;
        }
    }
}
