using System.Globalization;
using Shouldly;
using Webcluster.Queue.Tallies;
using Webcluster.TestKit.Redis;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Queue.Tests.Redis;

public sealed class TallyTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    [RedisFact]
    public async Task Count_AtSeveralNodes_IsOneCountThatGoesByItself()
    {
        await server.EmptyAsync();
        using var metrics = new QueueMetrics();
        await using var one = await server.OpenAsync(metrics, new ManualClock());
        await using var other = await server.OpenAsync(metrics, new ManualClock());

        (await CountAsync(one, "login:4:cb007109")).ShouldBe(1);
        (await CountAsync(other, "login:4:cb007109")).ShouldBe(2);
        (await CountAsync(one, "login:user:größe")).ShouldBe(1);
        (await CountAsync(one, "login:4:cb007109")).ShouldBe(3);

        var left = int.Parse(await server.Daemon.RunAsync("PTTL", "wc:{0}:tally:login:4:cb007109"), CultureInfo.InvariantCulture);
        left.ShouldBeInRange(1, 60_000);
    }

    private static ValueTask<int?> CountAsync(ISharedTally tally, string name) => tally.CountAsync(name, CancellationToken.None);
}
