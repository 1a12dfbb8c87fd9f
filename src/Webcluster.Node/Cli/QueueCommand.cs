using System.CommandLine;
using Webcluster.Node.Http;

namespace Webcluster.Node.Cli;

/// <summary>`queue`: what waits, and what operators decide about it, asked of the running node.</summary>
internal static class QueueCommand
{
    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        var accept = new Command(
            "accept-loss", "Go on with what the shared store has, although mail was lost with its data. For the whole cluster.");
        accept.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
            Show(context, await client.PostAsync<LossView>("/admin/v1/queue/accept-loss", null, cancellation))));
        return new Command("queue", "Show what waits, and decide about it.") { running.Url, running.TokenFile, List(context, running), accept };
    }

    private static Command List(CliContext context, RunningNode running)
    {
        var limit = new Option<int>("--limit") { Description = "So many lanes at most.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var command = new Command("list", "Show the largest lanes: what is ready, scheduled, under way and held, and why it waits.") { limit };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var path = FormattableString.Invariant($"{QueueEndpoints.Path}?limit={parsed.GetValue(limit)}");
            foreach (var line in QueueText.Of(await client.GetAsync<QueueView>(path, cancellation))) await context.Out.WriteLineAsync(line);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static int Show(CliContext context, LossView loss)
    {
        context.Out.WriteLine(loss.Accepted ? "the loss is accepted; mail is taken again" : "there is no loss to accept");
        return loss.Accepted ? ExitCode.Ok : ExitCode.NothingMatched;
    }
}
