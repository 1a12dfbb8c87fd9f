using Shouldly;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Redis;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>A store that another version made.</summary>
public sealed class LayoutTests(RedisServerFixture server) : RedisStoreTests(server)
{
    /// <summary>There each message had a set of ordinals.</summary>
    private const string AsInLayout1 = """
        redis.call('HSET', 'wc:{0}:store', 'layout', 1)
        for _, key in ipairs(redis.call('KEYS', 'wc:{0}:m:*')) do redis.call('SADD', 'wc:{0}:o:' .. string.sub(key, 10), 0) end
        """;

    [RedisFact]
    public async Task Open_NewerLayout_IsRefused()
    {
        await OpenAsync();
        await Server.Daemon.RunAsync("HSET", "wc:{0}:store", "layout", "3");

        (await Should.ThrowAsync<QueueStoreException>(OpenAsync())).Message.ShouldContain("layout 3");
    }

    [RedisFact]
    public async Task Open_Layout1_GoesOnAsThePresentOne()
    {
        var stored = await (await OpenAsync()).StoreAsync(Message(DateTimeOffset.UtcNow));
        await Server.Daemon.RunAsync("EVAL", AsInLayout1, "0");

        var queue = await OpenAsync();

        (await Server.Daemon.RunAsync("HGET", "wc:{0}:store", "layout")).ShouldBe("2");
        var claim = await queue.ClaimAsync(Google);
        claim.Messages().ShouldBe([stored.Id]);
        (await queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
        await queue.ReleaseAsync(claim.Session, CancellationToken.None);
        (await Server.Daemon.RunAsync("EVAL", "return #redis.call('KEYS', '*:o:*')", "0")).ShouldBe("0");
        await Server.Daemon.ShouldBeSoundAsync();
    }
}
