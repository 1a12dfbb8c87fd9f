using System.CommandLine;
using Webcluster.Node.Http;
using Webcluster.Queue.Messages;

namespace Webcluster.Node.Cli;

/// <summary>`why`: why mail to a domain or site, of a lane, or one message, waits; asked of the running node.</summary>
internal static class WhyCommand
{
    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        var what = new Argument<string>("what")
        {
            Description = "The recipients' domain, a site or lane as the queue shows it, or a message's id as its 250 said.",
            HelpName = "DOMAIN|SITE|LANE|MESSAGE-ID",
        };
        var command = new Command("why", "Print why mail waits: limits, replies, rules, and when it goes on.")
        {
            what, running.Url, running.TokenFile,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var asked = parsed.GetValue(what)!;
            var kind = KindOf(asked);
            return running.AskAsync(parsed, async client =>
            {
                var waiting = await client.GetAsync<WaitingView>(
                    $"/admin/v1/waiting?{kind}={Uri.EscapeDataString(asked)}", cancellation);
                return Show(context, asked, waiting);
            });
        });
        return command;
    }

    /// <summary>Of a site with a single host only the queue's own words tell it from a domain: ask for its lane.</summary>
    private static string KindOf(string asked)
    {
        if (MessageId.TryParse(asked, out _)) return "message";
        if (asked.Contains('|')) return "lane";
        return asked.Contains(',') || asked.Contains('+') || asked.Contains(':') ? "site" : "domain";
    }

    private static int Show(CliContext context, string asked, WaitingView waiting)
    {
        if (waiting.Deliveries.Count + waiting.Lanes.Count == 0)
            return context.Fail($"no mail to {asked} is queued", ExitCode.NothingMatched);
        foreach (var line in WaitingText.Of(waiting)) context.Out.WriteLine(line);
        return ExitCode.Ok;
    }
}
