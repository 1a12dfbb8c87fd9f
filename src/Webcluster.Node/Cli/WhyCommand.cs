using System.CommandLine;
using Webcluster.Node.Http;
using Webcluster.Queue.Messages;

namespace Webcluster.Node.Cli;

/// <summary>`why`: why mail to a domain, or one message, waits; asked of the running node.</summary>
internal static class WhyCommand
{
    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        var what = new Argument<string>("what")
        {
            Description = "The recipients' domain, or a message's id as its 250 said.", HelpName = "DOMAIN|MESSAGE-ID",
        };
        var command = new Command("why", "Print why mail waits: limits, replies, rules, and when it goes on.")
        {
            what, running.Url, running.TokenFile,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var asked = parsed.GetValue(what)!;
            var kind = MessageId.TryParse(asked, out _) ? "message" : "domain";
            return running.AskAsync(parsed, async client =>
            {
                var waiting = await client.GetAsync<WaitingView>(
                    $"/admin/v1/waiting?{kind}={Uri.EscapeDataString(asked)}", cancellation);
                return Show(context, asked, waiting);
            });
        });
        return command;
    }

    private static int Show(CliContext context, string asked, WaitingView waiting)
    {
        if (waiting.Deliveries.Count + waiting.Lanes.Count == 0)
            return context.Fail($"no mail to {asked} is queued", ExitCode.NothingMatched);
        foreach (var line in WaitingText.Of(waiting)) context.Out.WriteLine(line);
        return ExitCode.Ok;
    }
}
