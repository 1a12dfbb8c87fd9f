using System.CommandLine;
using Webcluster.Node.Http;

namespace Webcluster.Node.Cli;

/// <summary>`queue`: what operators decide about the queue, asked of the running node.</summary>
internal static class QueueCommand
{
    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        var accept = new Command(
            "accept-loss", "Go on with what the shared store has, although mail was lost with its data. For the whole cluster.");
        accept.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
            Show(context, await client.PostAsync<LossView>("/admin/v1/queue/accept-loss", null, cancellation))));
        return new Command("queue", "Decide about the queue.") { running.Url, running.TokenFile, accept };
    }

    private static int Show(CliContext context, LossView loss)
    {
        context.Out.WriteLine(loss.Accepted ? "the loss is accepted; mail is taken again" : "there is no loss to accept");
        return loss.Accepted ? ExitCode.Ok : ExitCode.NothingMatched;
    }
}
