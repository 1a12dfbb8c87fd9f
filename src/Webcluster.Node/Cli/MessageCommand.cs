using System.CommandLine;

using Webcluster.Node.Http;
using Webcluster.Queue.Messages;

namespace Webcluster.Node.Cli;

/// <summary>`message`: what happened to one message, asked of the running node.</summary>
internal static class MessageCommand
{
    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        var id = new Argument<string>("id") { Description = "The message's id, as its 250 said.", HelpName = "MESSAGE-ID" };
        var command = new Command("message", "Print what happened to a message, a line for each event.") { id, running.Url, running.TokenFile };
        command.SetAction((parsed, cancellation) =>
        {
            if (!MessageId.TryParse(parsed.GetValue(id), out var message))
                return Task.FromResult(context.Fail("the id of a message is a UUID, as its 250 said", ExitCode.Usage));
            return running.AskAsync(parsed, async client => Show(
                context, await client.GetAsync<MessageTimeline>($"/admin/v1/messages/{message}/events", cancellation)));
        });
        return command;
    }

    private static int Show(CliContext context, MessageTimeline timeline)
    {
        foreach (var line in timeline.Events.Select(EventText.Of)) context.Out.WriteLine(line);
        return ExitCode.Ok;
    }
}
