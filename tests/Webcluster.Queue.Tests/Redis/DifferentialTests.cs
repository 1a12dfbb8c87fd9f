using System.Globalization;
using Shouldly;
using Webcluster.TestKit.Time;
using Webcluster.TestKit.Redis;
using Xunit;
using Xunit.Abstractions;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>
/// The same random operations on the queue in Redis and on the embedded one: every answer must be the same. WEBCLUSTER_MODEL_STEPS says how
/// many operations in all (10,000), WEBCLUSTER_MODEL_SEED which single seed; <c>tests/model</c> runs it for longer.
/// </summary>
public sealed class DifferentialTests(RedisServerFixture server, ITestOutputHelper output) : IClassFixture<RedisServerFixture>
{
    private const int Seeds = 5;

    [RedisFact]
    public async Task RedisAndEmbedded_SameOperations_AnswerTheSame()
    {
        var steps = Number("WEBCLUSTER_MODEL_STEPS") ?? 10_000;
        int[] seeds = Number("WEBCLUSTER_MODEL_SEED") is { } seed ? [seed] : [.. Enumerable.Range(1, Seeds)];
        foreach (var each in seeds)
            await RunAsync(each, steps / seeds.Length);
    }

    private async Task RunAsync(int seed, int steps)
    {
        output.WriteLine($"seed {seed}, {steps} steps");
        await server.EmptyAsync();
        var time = new ManualClock();
        await using var run = await DifferentialRun.StartAsync(server, time, new Random(seed));
        for (var step = 0; step < steps; step++)
            await run.StepAsync($"seed {seed}, step {step}");
        run.Compared.ShouldBeGreaterThan(steps);
        await server.Daemon.ShouldBeSoundAsync();
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : null;
}
