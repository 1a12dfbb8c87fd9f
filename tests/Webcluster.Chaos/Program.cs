using Webcluster.Chaos;

return await ChaosCommand.InvokeAsync(args, Console.Out);
