using Webcluster.Node.Cli;

return await CommandLine.InvokeAsync(args, CliContext.OfProcess());
