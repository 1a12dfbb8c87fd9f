using System.Globalization;
using Shouldly;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Tests.Redis;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Redis;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

[OnRedis]
public sealed class RedisTrafficTests(RedisServerFixture server) : TrafficContract, IClassFixture<RedisServerFixture>
{
    protected override Task EmptyAsync() => server.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() =>
        await server.OpenAsync(Metrics, Time, options => options with { SiteLimits = Limits });

    [RedisTheory]
    [InlineData("")]
    [InlineData("a")]
    public async Task Open_SourceWhoseBucketWasNotFull_HasNoTimeToLive(string source)
    {
        var slowly = new TrafficLimits { Messages = Rate.Parse("1/min,burst=2") };
        var offer = new TrafficOffer([new SourceOffer(source, 1, slowly)], slowly);
        await Queue.StoreAsync(Message(Now, To(Google), To(Google)));
        var claim = await OpenAsync(offer);
        await Queue.ReleaseAsync(claim.Session, CancellationToken.None);
        (await TimesToLiveAsync(source)).ShouldAllBe(milliseconds => milliseconds > 0);

        await OpenAsync(offer);

        (await TimesToLiveAsync(source)).ShouldBe([-1, -1]);
    }

    [RedisFact]
    public async Task Release_NamedSourceThatLearnedNothing_LeavesNothingForLong()
    {
        await Queue.StoreAsync(Message(Now, To(Google), To(Google)));
        var one = await OpenAsync(new TrafficOffer([new SourceOffer("a", 1, TrafficLimits.None)], TrafficLimits.None));
        var other = await OpenAsync(new TrafficOffer([new SourceOffer("b", 1, TrafficLimits.None)], TrafficLimits.None));

        await Queue.ReleaseAsync(one.Session, CancellationToken.None);
        (await TimeToLiveAsync("x:6:google")).ShouldBe(-1, "the other is connected");
        await Queue.ReleaseAsync(other.Session, CancellationToken.None);

        (await TimeToLiveAsync("x:6:google")).ShouldBeInRange(1, 600_000);
        await server.Daemon.ShouldBeSoundAsync();
    }

    private async Task<ClaimResult.Granted> OpenAsync(TrafficOffer offer) =>
        (await Queue.ClaimAsync(new ClaimRequest(NodeA, Google, null, 1, 0, offer), CancellationToken.None)).ShouldBeOfType<ClaimResult.Granted>();

    private async Task<long[]> TimesToLiveAsync(string source) =>
    [
        await TimeToLiveAsync($"e:6:google{source}"), await TimeToLiveAsync("p:6:google"),
    ];

    private async Task<long> TimeToLiveAsync(string key) =>
        long.Parse(await server.Daemon.RunAsync("PTTL", $"wc:{{0}}:{key}"), CultureInfo.InvariantCulture);
}
