using Webcluster.Benchmarks;

// Measures the shared queue by itself; tests/bench/queue and tests/bench/fair start what it needs.
return await BenchmarkCommands.Root.Parse(args).InvokeAsync();
