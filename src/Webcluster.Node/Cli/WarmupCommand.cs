using System.CommandLine;
using System.Globalization;
using Webcluster.Node.Http;

namespace Webcluster.Node.Cli;

/// <summary>
/// `warmup`: how far new sources have come at each provider, and putting them on another step; asked of the running node.
/// </summary>
internal static class WarmupCommand
{
    private const string Path = "/admin/v1/warmup";

    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        return new Command("warmup", "Show and change how far new sources have come at each provider. For the whole cluster.")
        {
            running.Url, running.TokenFile, List(context, running), Set(context, running),
        };
    }

    private static Command List(CliContext context, RunningNode running)
    {
        var source = new Option<string?>("--source") { Description = "Only this source.", HelpName = "NAME" };
        var provider = new Option<string?>("--provider") { Description = "Only this provider.", HelpName = "NAME" };
        var command = new Command("list", "Show plan, step, what of the day's budget is used, and how often less was asked for.")
        {
            source, provider,
        };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var asked = new[] { ("source", parsed.GetValue(source)), ("provider", parsed.GetValue(provider)) };
            var query = asked.Where(part => part.Item2 is not null).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}");
            var list = await client.GetAsync<WarmupList>($"{Path}?{string.Join('&', query)}", cancellation);
            return Show(context, list.Warmups.Count > 0 ? list.Warmups.Select(Describe) : ["no source is being warmed up"]);
        }));
        return command;
    }

    private static Command Set(CliContext context, RunningNode running)
    {
        var source = new Argument<string>("source") { Description = "The source." };
        var provider = new Argument<string>("provider") { Description = "The provider, as `warmup list` and `explain` call it." };
        var step = new Argument<string>("step") { Description = "A step of its plan, from 1 (begins anew); or: warm." };
        var author = new Option<string?>("--author") { Description = "Who decides; the log says it. Default: $USER.", HelpName = "NAME" };
        var command = new Command("set", "Put a source on a step of its plan at one provider, from now on.")
        {
            source, provider, step, author,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var text = parsed.GetValue(step)!;
            var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            if (!isNumber && text != WarmupRequest.Warm)
                return Task.FromResult(context.Fail($"'{text}' is no step; write a number or {WarmupRequest.Warm}", ExitCode.Usage));
            var path = $"{Path}/{Uri.EscapeDataString(parsed.GetValue(source)!)}/{Uri.EscapeDataString(parsed.GetValue(provider)!)}";
            var by = parsed.GetValue(author) ?? context.Environment.GetValueOrDefault("USER");
            return running.AskAsync(parsed, async client =>
            {
                var request = new { step = isNumber ? (object)number : text, author = string.IsNullOrEmpty(by) ? null : by };
                return Show(context, [Describe(await client.PutAsync<WarmupView>(path, request, cancellation))]);
            });
        });
        return command;
    }

    private static int Show(CliContext context, IEnumerable<string> lines)
    {
        foreach (var line in lines) context.Out.WriteLine(line);
        return ExitCode.Ok;
    }

    private static string Describe(WarmupView warmup)
    {
        var step = warmup.Step is { } number ? $"step {number} of {warmup.Steps}" : WarmupRequest.Warm;
        var budget = warmup.Budget is { } most ? $" of {most}" : "";
        var day = string.Create(
            CultureInfo.InvariantCulture, $"{warmup.Day:yyyy-MM-dd}: {warmup.Used}{budget} used, {warmup.Refused} refused");
        return $"{warmup.Source}\t{warmup.Provider}\t{warmup.Plan}\t{step}\t{day}";
    }
}
