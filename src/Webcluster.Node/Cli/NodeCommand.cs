using System.CommandLine;
using Webcluster.Node.Http;
using Webcluster.Protocol.Units;

namespace Webcluster.Node.Cli;

/// <summary>`node`: takes the running node out of service and back, over its HTTP listener.</summary>
internal static class NodeCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        var status = new Command("status", "Show whether it takes mail and delivers.");
        status.SetAction((parsed, cancellation) =>
            running.AskAsync(parsed, async client => Show(context, await client.GetAsync<NodeView>("/admin/v1/node", cancellation))));
        var resume = new Command("resume", "Bring it back into service.");
        resume.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
            Show(context, await client.PostAsync<NodeView>("/admin/v1/node/resume", null, cancellation))));
        return new Command("node", "Take the running node out of service and back.")
        {
            running.Url, running.TokenFile, status, Drain(context, running), resume,
        };
    }

    private static Command Drain(CliContext context, RunningNode running)
    {
        var reason = new Option<string?>("--reason") { Description = "Why; the status shows it.", HelpName = "TEXT" };
        var wait = new Option<string?>("--wait")
        {
            Description = "Wait so long (30s, 5m) until nobody is connected and nothing is under way; exit code 1 where it takes longer.",
            HelpName = "DURATION",
        };
        var command = new Command("drain", "Take no new mail, deliver nothing more, finish what is under way.") { reason, wait };
        command.SetAction((parsed, cancellation) =>
        {
            var most = TimeSpan.Zero;
            if (parsed.GetValue(wait) is { } text && !Duration.TryParse(text, out most))
                return Task.FromResult(context.Fail($"--wait: '{text}' is no duration; write one like 30s or 5m", ExitCode.Usage));
            return running.AskAsync(parsed, async client =>
            {
                var request = new { reason = parsed.GetValue(reason) ?? "" };
                var answer = await client.PostAsync<NodeView>("/admin/v1/node/drain", request, cancellation);
                for (var left = most; left > TimeSpan.Zero && !answer.Drained; left -= BetweenLooks)
                {
                    await Task.Delay(BetweenLooks, cancellation);
                    answer = await client.GetAsync<NodeView>("/admin/v1/node", cancellation);
                }

                Show(context, answer);
                return most == TimeSpan.Zero || answer.Drained ? ExitCode.Ok : context.Fail($"not drained after {Duration.Format(most)}");
            });
        });
        return command;
    }

    private static int Show(CliContext context, NodeView node)
    {
        context.Out.WriteLine($"node        {node.Name}, webcluster {node.Version}");
        var reason = node.Reason is { } given ? $": {given}" : "";
        context.Out.WriteLine($"state       {JsonAnswers.Word(node.State)} since {node.Since:yyyy-MM-ddTHH:mm:ssZ}{reason}");
        context.Out.WriteLine($"ready       {(node.Ready ? "yes" : "no: " + string.Join(", ", node.Reasons))}");
        context.Out.WriteLine($"submission  {Describe(node.Submission)}");
        context.Out.WriteLine($"delivery    {Describe(node.Delivery)}");
        return ExitCode.Ok;
    }

    private static string Describe(SideView side) => $"{(side.Open ? "open" : "closed")}, {side.Sessions} sessions";
}
