using Webcluster.Benchmarks;

// Measures queues by themselves and fills them; the commands in tests/bench start what it needs.
return await BenchmarkCommands.Root.Parse(args).InvokeAsync();
