using System.Globalization;
using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.TestKit.Redis;
using Xunit;
using Xunit.Abstractions;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>What a waiting delivery costs in Redis besides its content. WEBCLUSTER_MEMORY_DELIVERIES says how many are stored
/// (10,000).</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int MostOctets = 1200;

    [RedisTheory]
    [InlineData(50)]
    [InlineData(5_000)]
    public async Task Delivery_Waiting_TakesLittleMemoryBesideItsContent(int sites)
    {
        var deliveries = int.TryParse(Environment.GetEnvironmentVariable("WEBCLUSTER_MEMORY_DELIVERIES"), CultureInfo.InvariantCulture, out var many) ? many : 10_000;
        await using var daemon = await RedisDaemon.StartAsync("--appendonly", "no");
        var server = new RedisServerFixture(daemon);
        using var metrics = new QueueMetrics();
        await using var queue = await server.OpenAsync(metrics, null, options => options with
        {
            Durability = new() { Mode = Webcluster.Queue.Redis.Durability.DurabilityMode.Relaxed },
            // Events have a bound of their own, however much waits.
            Events = new() { Most = 0 },
        });
        var before = await UsedAsync(daemon);

        await Parallel.ForAsync(0, deliveries, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var site = $"mx{i % sites}.example.net";
            var lane = new LaneKey(site, site, "default");
            await queue.StoreAsync(Message(DateTimeOffset.UtcNow, To(lane, MailClass.Bulk, $"recipient{i}")).Of($"tenant{i % 20}") with
            {
                Content = new MessageContent(default, default),
            });
        });

        var each = (await UsedAsync(daemon) - before) / deliveries;
        output.WriteLine($"{deliveries} deliveries, {sites} sites: {each} octets each");
        each.ShouldBeLessThan(MostOctets);
    }

    private static async Task<long> UsedAsync(RedisDaemon daemon)
    {
        var info = await daemon.RunAsync("INFO", "memory");
        var line = info.Split('\n').Single(line => line.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line["used_memory:".Length..].Trim(), CultureInfo.InvariantCulture);
    }
}
