using Webcluster.Providers;

return await ProvidersCommand.InvokeAsync(args, Console.Out);
