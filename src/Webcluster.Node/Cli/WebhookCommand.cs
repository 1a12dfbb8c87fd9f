using System.CommandLine;
using System.Globalization;
using Webcluster.Node.Http;
using Webcluster.Node.Webhooks.Signing;

namespace Webcluster.Node.Cli;

/// <summary>
/// `webhook`: how endpoints stand, and what operators ask of them; asked of the running node, done by the one that sends.
/// </summary>
internal static class WebhookCommand
{
    private const string Path = "/admin/v1/webhooks";

    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        var secret = new Command("secret", "Print a new secret for webhooks.secrets, and for the receiver.");
        secret.SetAction(_ => context.Out.WriteLine(WebhookSecret.Generate()));
        return new Command("webhook", "Show the endpoints that are told of events, and act on them. For the whole cluster.")
        {
            running.Url, running.TokenFile, List(context, running), Show(context, running),
            Ask(context, running, "enable", "Send to it again: first what waits, then what happened meanwhile."),
            Ask(context, running, "disable", "Send it nothing until it is enabled."),
            Ask(context, running, "test", "Send it an event of type webhook.test; `webhook show` says what came of it."),
            Replay(context, running), secret,
        };
    }

    private static Command List(CliContext context, RunningNode running)
    {
        var command = new Command("list", "Show all endpoints, and how they stand.");
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var list = await client.GetAsync<WebhookList>(Path, cancellation);
            return Print(context, list.Webhooks.Count > 0 ? list.Webhooks.Select(WebhookText.Line) : ["no webhooks are configured"]);
        }));
        return command;
    }

    private static Command Show(CliContext context, RunningNode running)
    {
        var name = Name();
        var command = new Command("show", "Show one, with what waits to be tried again, and its last requests.") { name };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var path = $"{Path}/{Uri.EscapeDataString(parsed.GetValue(name)!)}";
            return Print(context, WebhookText.Lines(await client.GetAsync<WebhookDetail>(path, cancellation)));
        }));
        return command;
    }

    private static Command Ask(CliContext context, RunningNode running, string verb, string description)
    {
        var (name, author) = (Name(), Author());
        var command = new Command(verb, description) { name, author };
        command.SetAction((parsed, cancellation) =>
        {
            var asked = new Asked(parsed.GetValue(name)!, verb, new { author = By(context, parsed, author) });
            return SendAsync(context, running, parsed, asked, cancellation);
        });
        return command;
    }

    private static Command Replay(CliContext context, RunningNode running)
    {
        var (name, author) = (Name(), Author());
        var id = new Option<string?>("--event") { Description = "Only this event.", HelpName = "ID" };
        var from = new Option<string?>("--from") { Description = "What happened since, as 2026-11-22T08:00:00Z.", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "Until then. Default: now.", HelpName = "TIME" };
        var command = new Command("replay", "Send events again, under their ids: one, or those of a time.") { name, id, from, to, author };
        command.SetAction((parsed, cancellation) =>
        {
            var times = new[] { parsed.GetValue(from), parsed.GetValue(to) };
            if (times.FirstOrDefault(text => text is not null && Time(text) is null) is { } wrong)
                return Task.FromResult(context.Fail($"'{wrong}' is no time; write one like 2026-11-22T08:00:00Z", ExitCode.Usage));
            if (parsed.GetValue(id) is null == parsed.GetValue(from) is null)
                return Task.FromResult(context.Fail("replay needs --event or --from", ExitCode.Usage));
            var by = By(context, parsed, author);
            var body = new { @event = parsed.GetValue(id), from = Time(times[0]), to = Time(times[1]), author = by };
            return SendAsync(context, running, parsed, new Asked(parsed.GetValue(name)!, "replay", body), cancellation);
        });
        return command;
    }

    private static Task<int> SendAsync(
        CliContext context, RunningNode running, ParseResult parsed, Asked asked, CancellationToken cancellation) =>
        running.AskAsync(parsed, async client =>
        {
            var path = $"{Path}/{Uri.EscapeDataString(asked.Name)}/{asked.Verb}";
            var answer = await client.PostAsync<WebhookAsked>(path, asked.Body, cancellation);
            return Print(context, [$"{asked.Verb} of webhook {answer.Webhook} is asked of the node that sends"]);
        });

    private static int Print(CliContext context, IEnumerable<string> lines)
    {
        foreach (var line in lines) context.Out.WriteLine(line);
        return ExitCode.Ok;
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string? By(CliContext context, ParseResult parsed, Option<string?> author)
    {
        var by = parsed.GetValue(author) ?? context.Environment.GetValueOrDefault("USER");
        return string.IsNullOrEmpty(by) ? null : by;
    }

    private static Argument<string> Name() => new("name") { Description = "The endpoint's name." };

    private static Option<string?> Author() =>
        new("--author") { Description = "Who decides; the log says it. Default: $USER.", HelpName = "NAME" };

    private sealed record Asked(string Name, string Verb, object Body);
}
