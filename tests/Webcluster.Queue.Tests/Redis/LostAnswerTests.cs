using System.Globalization;
using Shouldly;
using StackExchange.Redis;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Tests.Redis.Connection;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Redis;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>The store does what it was asked, and nobody hears of it: the server stands still, or dies, while a call is out.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly QueueMetrics _metrics = new();
    private readonly RedisServerFixture _server = new();
    private RedisMailQueue? _queue;

    private RedisMailQueue Queue => _queue!;

    private RedisDaemon Daemon => _server.Daemon;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        if (Daemon is not null)
            _queue = await _server.OpenAsync(_metrics, null, options => options with
            {
                Link = new RedisLinkOptions { Servers = [Daemon.Address], CallTimeout = TimeSpan.FromSeconds(1) },
            });
    }

    public async Task DisposeAsync()
    {
        if (_queue is not null)
            await _queue.DisposeAsync();
        await _server.DisposeAsync();
        _metrics.Dispose();
    }

    [RedisFact]
    public async Task Enqueue_StoreStandsStill_IsUnavailableAndStoredOnce()
    {
        var message = Message(Now);
        await Daemon.PauseAsync();
        (await Queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.Unavailable);
        await Daemon.ResumeAsync();

        // The first call waits in the server's socket; the second may be on a newer connection, and be served before it.
        await StoreAsync(message);
        (await RetryAsync(async () => (await Queue.EnqueueAsync(message, CancellationToken.None)) is EnqueueResult.AlreadyStored, false)).ShouldBeTrue();

        (await Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
    }

    [RedisFact]
    public async Task Enqueue_AskedAgainAfterItWasSent_IsNotSentAgain()
    {
        var message = await StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);
        await Queue.SettleAsync(claim.Session, claim.Sent());

        (await Queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.AlreadyStored);

        (await Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
        // What is remembered of it goes by itself.
        var left = await Daemon.RunAsync("EVAL", "return redis.call('PTTL', redis.call('KEYS', 'wc:*:m:*')[1])", "0");
        int.Parse(left, CultureInfo.InvariantCulture).ShouldBeInRange(1, 60_000);
    }

    [RedisFact]
    public async Task Enqueue_AskedAgainWithoutItsRecord_SaysWhetherThatIsNeeded()
    {
        var message = Message(Now);
        await using var link = await Daemon.ConnectAsync();
        var (shard, scripts) = (new Shard(0, link, 1, null), new QueueScripts());
        var (_, request) = EnqueueArguments.Encode(message, new ShardMap([shard]), null)[0];
        var light = EnqueueArguments.WithoutRecord(request);

        async Task<long> AskAsync(RedisValue[] arguments) =>
            (await shard.RunAsync(scripts.Enqueue, [arguments.Length, .. arguments])).Items().ShouldHaveSingleItem().Number();

        (await AskAsync(light)).ShouldBe(2);
        (await AskAsync(request)).ShouldBe(1);
        (await AskAsync(light)).ShouldBe(0);
        var claim = await Queue.ClaimAsync(Google);
        await Queue.SettleAsync(claim.Session, claim.Sent());

        (await AskAsync(light)).ShouldBe(0, "it was here a moment ago");

        (await Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
        await Daemon.ShouldBeSoundAsync();
    }

    [RedisFact]
    public async Task Settle_StoreStandsStill_AnswersWhatTheFirstTryAnswered()
    {
        for (var i = 0; i < 3; i++)
            await StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google, 3);
        Settlement[] outcomes =
        [
            claim.Sent(0), claim.Deferred(TimeSpan.FromMinutes(5)) with { Delivery = claim.Deliveries[1].Id }, claim.Sent(0),
            new Settlement.Returned(claim.Deliveries[2].Id),
        ];
        await Daemon.PauseAsync();
        var settling = Queue.SettleAsync(claim.Session, outcomes, CancellationToken.None);
        // So long that the first call is given up; it waits in the server's socket.
        await Task.Delay(2500);
        await Daemon.ResumeAsync();

        (await settling.SoonAsync()).ShouldBe([SettleVerdict.Settled, SettleVerdict.Settled, SettleVerdict.Refused, SettleVerdict.Settled]);

        var counts = await Queue.CountAsync(CancellationToken.None);
        (counts.Messages, counts.Ready, counts.Scheduled, counts.Claimed).ShouldBe((2, 1, 1, 0));
    }

    [RedisFact]
    public async Task Settle_SecondTryIsServedFirst_EachAnswersTheSame()
    {
        await StoreAsync(Message(Now));
        await StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google, 2);
        await using var link = await Daemon.ConnectAsync();
        var shard = new Shard(0, link, 1, null);
        var scripts = new QueueScripts();
        var token = Guid.NewGuid().ToByteArray();
        var outcomes = SettleArguments.Encode([claim.Sent(0), claim.Sent(0), new Settlement.Returned(claim.Deliveries[1].Id)]);

        foreach (var again in new[] { 1, 0, 1 })
        {
            RedisValue[] request = [DeliveryCode.Encode(claim.Session), token, again, .. outcomes];
            (await shard.RunAsync(scripts.Settle, [request.Length, .. request])).Items().ShouldHaveSingleItem().Text().ShouldBe("030");
        }

        var counts = await Queue.CountAsync(CancellationToken.None);
        (counts.Messages, counts.Ready, counts.Claimed).ShouldBe((1, 1, 0));
    }

    [RedisFact]
    public async Task Claim_StoreStandsStill_ItsSessionIsReleasedLater()
    {
        await StoreAsync(Message(Now));
        await Daemon.PauseAsync();
        (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.StoreUnavailable);
        await Daemon.ResumeAsync();

        await RetryAsync(TendAsync, true);

        (await Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
        (await Queue.ClaimAsync(Google)).Deliveries.ShouldHaveSingleItem().MayHaveBeenSent.ShouldBeFalse();
    }

    [RedisFact]
    public async Task Claim_ServedAfterItsSessionWasReleased_OpensNone()
    {
        await StoreAsync(Message(Now));
        await using var link = await Daemon.ConnectAsync();
        var (shard, scripts) = (new Shard(0, link, 1, null), new QueueScripts());
        var session = DeliveryCode.Encode(ShardMap.NewSession(shard, Now));

        await shard.RunAsync(scripts.Release, 0, session);
        RedisValue[] claim =
            [session, "open", NodeA.Value, LaneCode.Encode(Google), 1, 0, 100, 1, 1, 1, .. OfferCode.Encode(TrafficOffer.Unlimited)];
        (await shard.RunAsync(scripts.Claim, claim)).Items().ShouldHaveSingleItem().Text().ShouldBe("lost");

        var counts = await Queue.CountAsync(CancellationToken.None);
        (counts.Ready, counts.Claimed, counts.Sessions).ShouldBe((1, 0, 0));
    }

    [RedisFact]
    public async Task Move_AskedAgainAfterItWasSent_IsNotMadeAgain()
    {
        var message = Message(Now);
        var flow = new FlowKey(MailClass.Normal, "acme");
        var delivery = new DeliveryRecord(Yahoo, flow, 0, false, Now, null, message.Deliveries[0].Recipients);
        await using var link = await Daemon.ConnectAsync();
        var (shard, scripts) = (new Shard(0, link, 1, null), new QueueScripts());

        async Task<long> MoveAsync(byte[] move, bool withMessage = true)
        {
            var record = withMessage ? (MessageRecord.Encode(message), message.Content.Length) : ([], 0);
            var request = EnqueueArguments.Moved(message.Delivery(), delivery, Google, move, record);
            return (await shard.RunAsync(scripts.Enqueue, [request.Length, .. request])).Items().ShouldHaveSingleItem().Number();
        }

        var (first, second) = (Guid.NewGuid().ToByteArray(), Guid.NewGuid().ToByteArray());
        (await MoveAsync(first, withMessage: false)).ShouldBe(2, "the message is not there");
        (await MoveAsync(first)).ShouldBe(1);
        (await MoveAsync(first, withMessage: false)).ShouldBe(0);
        var claim = await Queue.ClaimAsync(Google);
        (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);

        (await MoveAsync(first, withMessage: false)).ShouldBe(0);
        (await MoveAsync(first)).ShouldBe(0);

        (await Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
        (await MoveAsync(second)).ShouldBe(1, "what went on from here may come back");
    }

    [RedisFact]
    public async Task Everything_StoreIsKilledAndComesBack_IsAsItWas()
    {
        var stored = await StoreAsync(Message(Now, To(Google), To(Yahoo)));
        var claim = await Queue.ClaimAsync(Google);
        await Daemon.KillAsync();
        (await RetryAsync(() => Task.FromResult(Queue.IsAccepting(out _)), true)).ShouldBeFalse();
        (await Queue.EnqueueAsync(Message(Now), CancellationToken.None)).ShouldBe(EnqueueResult.Unavailable);
        (await Queue.RefusedAsync(Yahoo)).Reason.ShouldBe(WaitReason.StoreUnavailable);
        await Should.ThrowAsync<QueueUnavailableException>(async () => await Queue.BeatAsync(NodeA, CancellationToken.None));
        var settling = Queue.SettleAsync(claim.Session, claim.Sent());
        var next = Queue.NextAsync();

        await Daemon.RestartAsync();

        (await settling.SoonAsync()).ShouldBe(SettleVerdict.Settled);
        (await next.SoonAsync()).ShouldBe([Yahoo]);
        (await RetryAsync(() => Queue.EnqueueAsync(stored, CancellationToken.None), EnqueueResult.Unavailable)).ShouldBe(EnqueueResult.AlreadyStored);
        (await Queue.FindAsync(stored.Id, CancellationToken.None)).ShouldHaveSingleItem().Lane.ShouldBe(Yahoo);
    }

    /// <summary>On a slow machine the short time-out may pass without any fault.</summary>
    private async Task<NewMessage> StoreAsync(NewMessage message)
    {
        (await RetryAsync(() => Queue.EnqueueAsync(message, CancellationToken.None), EnqueueResult.Unavailable))
            .ShouldBeOneOf(EnqueueResult.Stored, EnqueueResult.AlreadyStored);
        return message;
    }

    /// <summary>Whether sessions are left, or the store is still away.</summary>
    private async Task<bool> TendAsync()
    {
        try
        {
            await Queue.TendAsync(NodeA, CancellationToken.None);
            return (await Queue.CountAsync(CancellationToken.None)).Sessions > 0;
        }
        catch (QueueUnavailableException)
        {
            return true;
        }
    }

    /// <summary>Asks until the answer is another one; the store comes back soon, but not at once.</summary>
    private static async Task<T> RetryAsync<T>(Func<Task<T>> ask, T not)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await ask();
            if (!Equals(answer, not) || tries > 200)
                return answer;
            await Task.Delay(50);
        }
    }
}
