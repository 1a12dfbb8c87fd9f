using Shouldly;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Redis;
using Webcluster.TestKit.Time;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>A record in the store is not what it was, or was written by a version to come: the others go on.</summary>
public sealed class DamagedRecordTests(RedisServerFixture server) : RedisStoreTests(server)
{
    /// <summary>Turns the envelope of the one packed message into something else.</summary>
    private const string DamageTheLongest = """
        for _, key in ipairs(redis.call('KEYS', '*:m:*')) do
          if string.byte(redis.call('GETRANGE', key, 1, 1)) == 1 then redis.call('SETRANGE', key, 30, 'zz') end
        end
        """;

    /// <summary>The first delivery's record, as it were.</summary>
    private const string OfAnotherVersion = """
        for _, key in ipairs(redis.call('KEYS', '*:d:*')) do
          if struct.unpack('>I6', redis.call('GETRANGE', key, 6, 11)) == 1 then redis.call('SETRANGE', key, 0, '\9') end
        end
        """;

    [RedisFact]
    public async Task Claim_RecordThatCannotBeRead_IsPutOffAndTheLaneGoesOn()
    {
        var time = new ManualClock();
        var queue = await OpenAsync(clock: time);
        var damaged = await queue.StoreAsync(Message(time.Now) with { Content = new MessageContent(default, new byte[5000]) });
        var sound = await queue.StoreAsync(Message(time.Now));
        await Server.Daemon.RunAsync("EVAL", DamageTheLongest, "0");

        (await queue.ClaimAsync(Google, 2)).Messages().ShouldBe([sound.Id]);

        (await queue.FindAsync(damaged.Id, CancellationToken.None)).ShouldHaveSingleItem().Due.ShouldBe(time.Now.AddMinutes(1));
    }

    [RedisFact]
    public async Task Claim_DeliveryThatCannotBeReadWhereAttemptsAreCounted_TheLaneGoesOn()
    {
        var queue = await OpenAsync();
        await queue.StoreAsync(Message(DateTimeOffset.UtcNow));
        var sound = await queue.StoreAsync(Message(DateTimeOffset.UtcNow));
        await Server.Daemon.RunAsync("EVAL", OfAnotherVersion, "0");
        var offer = new TrafficOffer([SourceOffer.Default], new TrafficLimits { FirstAttempts = Rate.Parse("100/s") });

        var claim = (await queue.ClaimAsync(new ClaimRequest(NodeA, Google, null, 2, int.MaxValue, offer), CancellationToken.None))
            .ShouldBeOfType<ClaimResult.Granted>();

        claim.Messages().ShouldBe([sound.Id]);
        (await queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
        await queue.ReleaseAsync(claim.Session, CancellationToken.None);
        var counts = await queue.CountAsync(CancellationToken.None);
        (counts.Ready, counts.Claimed, counts.Sessions, counts.Lanes).ShouldBe((0, 0, 0, 0));
    }

    [RedisTheory]
    [InlineData(DamageTheLongest)]
    [InlineData("redis.call('DEL', unpack(redis.call('KEYS', '*:m:*')))")]
    public async Task Rerouted_MessageThatCannotBeRead_IsPutOffWhereItIs(string damage)
    {
        var time = new ManualClock();
        var queue = await OpenAsync(options => options with { Shards = 64 }, time);
        var message = await queue.StoreAsync(Message(time.Now) with { Content = new MessageContent(default, new byte[5000]) });
        var claim = await queue.ClaimAsync(Google);
        await Server.Daemon.RunAsync("EVAL", damage, "0");

        await queue.SettleAsync(claim.Session, new Settlement.Rerouted(message.Delivery(), Yahoo)).SoonAsync();

        var lane = (await queue.LanesAsync(10, CancellationToken.None)).ShouldHaveSingleItem();
        (lane.Lane, lane.Claimed, lane.Scheduled).ShouldBe((Google, 0, 1));
    }

    [RedisFact]
    public async Task ReadContent_RecordThatCannotBeRead_SaysSo()
    {
        var time = new ManualClock();
        var queue = await OpenAsync(clock: time);
        var damaged = await queue.StoreAsync(Message(time.Now) with { Content = new MessageContent(default, new byte[5000]) });
        await Server.Daemon.RunAsync("EVAL", DamageTheLongest, "0");

        await Should.ThrowAsync<QueueUnavailableException>(async () => await queue.ContentAsync(damaged.Id));
    }
}
