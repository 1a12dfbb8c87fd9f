using System.CommandLine;
using Webcluster.Node.FirstRun;
using Webcluster.Node.Hosting;
using Webcluster.Node.Logging;
using Webcluster.Queue;

namespace Webcluster.Node.Cli;

/// <summary>`run`, and no verb at all: a node until SIGTERM or SIGINT.</summary>
internal static class RunCommand
{
    public static Command Create(CliContext context, Option<string?> config)
    {
        var command = new Command("run", "Run a node. The same as no command.");
        command.SetAction((parsed, cancellation) => RunAsync(context, parsed.GetValue(config), cancellation));
        return command;
    }

    public static async Task<int> RunAsync(CliContext context, string? config, CancellationToken cancellation)
    {
        if (CheckCommand.Load(context, config) is not { } loaded) return ExitCode.Usage;
        var password = loaded.IsFirstRun ? FirstRunSetup.Ensure(loaded, DateTimeOffset.UtcNow) : null;
        try
        {
            await using var node = NodeHost.Build(loaded);
            await node.StartAsync(cancellation);
            if (loaded.IsFirstRun)
                await BannerOutput(context, loaded.Options.Log).WriteAsync(FirstRunBanner.Text(loaded, password));
            return await node.RunToEndAsync(cancellation) ? ExitCode.Ok : ExitCode.Error;
        }
        catch (Exception error) when (error is IOException or QueueStoreException)
        {
            // Above all: an address, or the queue's folder, that another process has.
            return context.Fail(error.Message);
        }
    }

    // A stream of JSON stays one.
    private static TextWriter BannerOutput(CliContext context, LogOptions log) =>
        log.Format == LogFormat.Json ? context.Error : context.Out;
}
