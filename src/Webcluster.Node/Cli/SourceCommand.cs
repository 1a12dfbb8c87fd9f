using System.CommandLine;
using Webcluster.Node.Http;

namespace Webcluster.Node.Cli;

/// <summary>`source`: what the running node sends from.</summary>
internal static class SourceCommand
{
    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        var list = new Command("list", "Show its sources and pools, and which it uses.");
        list.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            Show(context, await client.GetAsync<SourcesView>("/admin/v1/sources", cancellation));
            return ExitCode.Ok;
        }));
        var check = new Command("check", "Try all sources now; exit code 1 where one cannot be used.");
        check.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var view = await client.PostAsync<SourcesView>("/admin/v1/sources/check", null, cancellation);
            Show(context, view);
            return view.Sources.All(source => source.Usable) ? ExitCode.Ok : ExitCode.Error;
        }));
        return new Command("source", "Show and try what the running node sends from.") { running.Url, running.TokenFile, list, check };
    }

    private static void Show(CliContext context, SourcesView view)
    {
        foreach (var source in view.Sources)
        {
            var addresses = string.Join(" ", new[] { source.Address, source.Address6 }.OfType<string>());
            var from = addresses.Length > 0 ? addresses : "any address";
            var through = source.Proxy is { } proxy ? $" through {proxy}" : "";
            var state = source.Usable ? "usable" : $"left out since {source.Since:yyyy-MM-ddTHH:mm:ssZ}: {source.Reason}";
            context.Out.WriteLine($"source  {source.Source}\t{from}{through}\t{source.Ehlo}\t{state}");
        }

        foreach (var pool in view.Pools)
        {
            var members = string.Join(" ", pool.Sources.Select(member => $"{member.Source}*{member.Weight}"));
            var fallback = pool.Fallback is { } other ? $", else {other}" : "";
            var now = pool.Using.Count > 0 ? string.Join(" ", pool.Using) : "nothing on this node";
            context.Out.WriteLine($"pool    {pool.Pool}\t{members}{fallback}\tuses {now}");
        }
    }
}
