using System.CommandLine;
using Webcluster.Node.Configuration;
using Webcluster.Node.Logging;

namespace Webcluster.Node.Cli;

/// <summary>The verbs of `webcluster`. Without one it runs a node.</summary>
internal static class CommandLine
{
    private const string ConfigOption = "--config";

    public static async Task<int> InvokeAsync(string[] arguments, CliContext context)
    {
        var parsed = Create(context).Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
            return context.Fail($"{parsed.Errors[0].Message} Try --help.", ExitCode.Usage);
        try
        {
            // The host itself ends on SIGTERM and SIGINT, in its own time.
            var invocation = new InvocationConfiguration
            {
                Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return context.Fail(error.Message);
        }
        catch (Exception error)
        {
            if (IsDebugging(context, parsed.GetValue<string?>(ConfigOption))) context.Error.WriteLine(error);
            return context.Fail($"internal error: {error.GetType().Name}: {error.Message} (log.level: debug shows where)");
        }
    }

    private static bool IsDebugging(CliContext context, string? config)
    {
        try
        {
            return ConfigurationLoader.Load(config, context.Environment, context.WorkingFolder).Options.Log.Level == LogDetail.Debug;
        }
        catch
        {
            // What failed was reading the configuration: nobody can say otherwise where.
            return true;
        }
    }

    private static RootCommand Create(CliContext context)
    {
        var config = new Option<string?>(ConfigOption)
        {
            Description = $"Configuration file. Default: ${ConfigurationLoader.FileVariable}, ./{ConfigurationLoader.FileName} or "
                + $"{ConfigurationLoader.SystemFile}; where there is none, a safe first run.",
            HelpName = "FILE",
            Recursive = true,
        };
        var root = new RootCommand("A clustered mail transfer agent: takes mail from applications, delivers it to the Internet.")
        {
            config,
            RunCommand.Create(context, config),
            CheckCommand.Create(context, config),
            ExplainCommand.Create(context, config),
            UserCommand.Create(context, config),
            DkimCommand.Create(context),
            NodeCommand.Create(context, config),
            QueueCommand.Create(context, config),
            RuleCommand.Create(context, config),
            SourceCommand.Create(context, config),
            WarmupCommand.Create(context, config),
            WebhookCommand.Create(context, config),
            WhyCommand.Create(context, config),
            MessageCommand.Create(context, config),
            BounceCommand.Create(context),
            ClassifyCommand.Create(context, config),
            SuppressionCommand.Create(context, config),
            DocsCommand.Create(context),
            Version(context),
        };
        root.SetAction((parsed, cancellation) => RunCommand.RunAsync(context, parsed.GetValue(config), cancellation));
        return root;
    }

    private static Command Version(CliContext context)
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(_ => context.Out.WriteLine(ProductVersion.Text));
        return command;
    }
}
