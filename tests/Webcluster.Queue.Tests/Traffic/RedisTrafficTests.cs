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

    private async Task<ClaimResult.Granted> OpenAsync(TrafficOffer offer) =>
        (await Queue.ClaimAsync(new ClaimRequest(NodeA, Google, null, 1, 0, offer), CancellationToken.None)).ShouldBeOfType<ClaimResult.Granted>();

    private async Task<long[]> TimesToLiveAsync(string source) =>
    [
        long.Parse(await server.Daemon.RunAsync("PTTL", $"wc:{{0}}:e:6:google{source}"), CultureInfo.InvariantCulture),
        long.Parse(await server.Daemon.RunAsync("PTTL", "wc:{0}:p:6:google"), CultureInfo.InvariantCulture),
    ];
}
