using System.CommandLine;
using System.Globalization;
using Webcluster.Node.Http;
using Webcluster.Queue.Rules;

namespace Webcluster.Node.Cli;

/// <summary>`rule`: stopping, removing and redirecting mail, asked of the running node.</summary>
internal static class RuleCommand
{
    private const string Path = RuleEndpoints.Path;

    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        return new Command("rule", "Stop, remove and redirect mail: docs/operations/rules.md. For the whole cluster, at once.")
        {
            running.Url, running.TokenFile, List(context, running), Show(context, running), Add(context, running), End(running),
        };
    }

    private static Command List(CliContext context, RunningNode running)
    {
        var command = new Command("list", "Show all rules, with what each holds or has done.");
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var list = await client.GetAsync<RuleList>(Path, cancellation);
            foreach (var rule in list.Rules) await context.Out.WriteLineAsync(Describe(rule));
            if (list.Rules.Count == 0) await context.Out.WriteLineAsync("no rule is in force");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Show(CliContext context, RunningNode running)
    {
        var id = Id();
        var command = new Command("show", "Show one rule.") { id };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            await context.Out.WriteLineAsync(Describe(await client.GetAsync<RuleView>(PathOf(parsed.GetValue(id)!), cancellation)));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Add(CliContext context, RunningNode running)
    {
        var action = OneOf<RuleAction>("action", "What happens to the mail: {0}.");
        var scope = OneOf<RuleScope>("scope", "What the value names: {0}.");
        var value = new Argument<string>("value") { Description = "Whose mail: as `why` and /api/v1/queue name it." };
        var reason = new Option<string>("--reason") { Description = "One line; shown wherever the rule shows.", HelpName = "TEXT", Required = true };
        var author = new Option<string?>("--author") { Description = "Who wants it. Default: $USER.", HelpName = "NAME" };
        var until = new Option<string?>("--until")
        {
            Description = "When suspend or hold ends by itself (RFC 3339). Default: when it is taken away.", HelpName = "TIME",
        };
        var pool = new Option<string?>("--pool") { Description = "Where move moves to.", HelpName = "NAME" };
        var command = new Command("add", "Add a rule; in force on all nodes when this ends.") { action, scope, value, reason, author, until, pool };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var by = parsed.GetValue(author) ?? context.Environment.GetValueOrDefault("USER");
            var rule = new
            {
                action = parsed.GetValue(action), scope = parsed.GetValue(scope), value = parsed.GetValue(value),
                reason = parsed.GetValue(reason), author = string.IsNullOrEmpty(by) ? null : by, until = parsed.GetValue(until),
                pool = parsed.GetValue(pool),
            };
            await context.Out.WriteLineAsync(Describe(await client.PostAsync<RuleView>(Path, rule, cancellation)));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command End(RunningNode running)
    {
        var id = Id();
        var command = new Command("end", "Take a rule away: its mail goes on; or stop one that is still being carried out.") { id };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            await client.DeleteAsync(PathOf(parsed.GetValue(id)!), cancellation);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "A rule's id, as `rule list` shows it." };

    private static Argument<string> OneOf<TWord>(string name, string description) where TWord : struct, Enum
    {
        var words = Array.ConvertAll(Enum.GetValues<TWord>(), JsonAnswers.Word);
        var argument = new Argument<string>(name) { Description = string.Format(CultureInfo.InvariantCulture, description, string.Join(", ", words)) };
        return argument.AcceptOnlyFromAmong(words);
    }

    private static string PathOf(string id) => $"{Path}/{Uri.EscapeDataString(id)}";

    private static string Describe(RuleView rule)
    {
        var done = rule.State == RuleView.Standing
            ? $"{rule.Holds} held"
            : $"{rule.Done} done" + (rule.UnderWay > 0 ? $", {rule.UnderWay} under way" : "");
        var to = rule.Pool is { } pool ? $" to {pool}" : "";
        var until = rule.Until is { } end ? FormattableString.Invariant($" until {end:u}") : "";
        var author = rule.Author is { } by ? $"{by}: " : "";
        return FormattableString.Invariant(
            $"{rule.Id}\t{JsonAnswers.Word(rule.Action)}\t{JsonAnswers.Word(rule.Scope)} {rule.Value}{to}\t{rule.State}{until}\t{done}\t{author}{rule.Reason}");
    }
}
