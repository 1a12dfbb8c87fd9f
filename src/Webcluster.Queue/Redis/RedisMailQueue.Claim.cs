using StackExchange.Redis;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    /// <summary>Virtual time is counted in units of 1/Unit, so that weights up to it divide it well.</summary>
    private const int Unit = 1_000_000;

    private const int MostClaimed = 1000;
    private const int OctetsReadAtATime = 1024 * 1024;
    private const int ReadersAtATime = 4;
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UnreadableDelay = TimeSpan.FromMinutes(1);

    // So many parts are on their way at most: each comes within the time of one call, and nothing else waits long behind them.
    private readonly SemaphoreSlim _reading = new(ReadersAtATime);
    private int _bounces;

    public async ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        if (request.MostDeliveries < 1)
            throw new ArgumentException("A claim asks for at least one delivery.", nameof(request));
        cancellation.ThrowIfCancellationRequested();
        var result = request switch
        {
            { Session: { } open } => await ClaimAsync(_shards.Of(open), request),
            { Lane: var lane } when lane == LaneKey.Bounces => await ClaimBouncesAsync(request),
            _ => await ClaimAsync(_shards.Of(request.Lane), request),
        };
        if (result is ClaimResult.NotNow refused)
            _metrics.ClaimRefused(refused.Reason);
        return result;
    }

    /// <summary>A delivery that bounces stays on its shard, so that the lane of bounces is on all of them: each is asked first in
    /// turn.</summary>
    private async Task<ClaimResult> ClaimBouncesAsync(ClaimRequest request)
    {
        ClaimResult result = new ClaimResult.NotNow(WaitReason.NothingDue, null);
        for (int turn = (Interlocked.Increment(ref _bounces) & int.MaxValue) % _shards.All.Count, i = 0; i < _shards.All.Count; i++)
        {
            result = await ClaimAsync(_shards.All[(turn + i) % _shards.All.Count], request);
            if (result is not ClaimResult.NotNow { Reason: WaitReason.NothingDue })
                break;
        }
        return result;
    }

    private async Task<ClaimResult> ClaimAsync(Shard shard, ClaimRequest request)
    {
        var isNew = request.Session is null;
        var session = request.Session ?? ShardMap.NewSession(shard, Now);
        if (isNew)
            _own.Add(session);
        var generation = _link.Generation;
        var isOpen = false;
        try
        {
            var reply = (await shard.RunAsync(_scripts.Claim, Arguments(request, session))).Items(least: 1);
            // Not cancelled from here on: what was taken must reach the caller or go back.
            if (reply[0].Text() != "granted")
            {
                var refusal = Refusal(reply);
                if (isNew)
                    _own.Remove(session);
                return refusal;
            }
            isOpen = true;
            if (await GrantedAsync(shard, session, reply) is { Count: > 0 } deliveries)
            {
                if (isNew)
                    _own.Open(session, generation);
                return new ClaimResult.Granted(session, deliveries, reply[1].Text());
            }
            if (isNew)
                await ReleaseAsync(session, CancellationToken.None);
        }
        catch (RedisTroubleException trouble)
        {
            // A session that was open before is released by its owner, with whatever the lost answer gave it.
            if (isNew && (isOpen || trouble.MayHaveHappened))
                _own.Leave(session);
            else if (isNew)
                _own.Remove(session);
        }
        return new ClaimResult.NotNow(WaitReason.StoreUnavailable, Now + AfterTrouble);
    }

    /// <summary>Each shard with a delivery of the message has all of it: that of the session is asked.</summary>
    public async ValueTask<MessageContent?> ReadContentAsync(SessionId session, MessageId id, CancellationToken cancellation)
    {
        try
        {
            return await ReadMessageAsync(_shards.Of(session), id, cancellation) is { } record
                ? Reply.Known(Reply.Known(MessageRecord.Decode(record)).Content)
                : null;
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }
    }

    private async Task<byte[]?> ReadMessageAsync(Shard shard, MessageId id, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            return await ReadAsync(shard, DeliveryCode.Encode(id), cancellation);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>A message's record, which never changes, part by part; or that of a delivery. Null where the shard does not have
    /// it.</summary>
    private async Task<byte[]?> ReadAsync(Shard shard, RedisValue id, CancellationToken cancellation)
    {
        var (record, read) = (Array.Empty<byte>(), 0);
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var reply = (await shard.RunAsync(_scripts.Record, id, read, OctetsReadAtATime)).Items(least: 2);
            var whole = reply[0].Number();
            if (whole == 0)
                return null;
            if (read == 0)
                record = new byte[whole];
            var part = reply[1].Octets();
            if (whole != record.Length || part.Length == 0)
                throw Reply.Bad("a record that changed");
            part.CopyTo(record, read);
            read += part.Length;
        }
        while (read < record.Length);
        return record;
    }

    private RedisValue[] Arguments(ClaimRequest request, SessionId session) =>
    [
        DeliveryCode.Encode(session), request.Session is null ? "open" : "extend", request.Node.Value, LaneCode.Encode(request.Lane),
        Math.Min(request.MostDeliveries, MostClaimed), request.MostContentOctets, _options.SiteLimits.MessagesPerConnection,
        Cost(MailClass.Transactional), Cost(MailClass.Normal), Cost(MailClass.Bulk), .. OfferCode.Encode(request.Traffic),
    ];

    private int Cost(MailClass mailClass) => Unit / Math.Clamp(_options.Weights.Of(mailClass), 1, Unit);

    private static ClaimResult.NotNow Refusal(RedisResult[] reply) => reply[0].Text() switch
    {
        "due" => new(WaitReason.NothingDue, Until(reply)),
        "paused" => new(WaitReason.LanePaused, Until(reply)),
        "slow" => new(WaitReason.SiteTrouble, null),
        "connections" => new(WaitReason.ConnectionLimit, Until(reply)),
        "exhausted" => new(WaitReason.SessionExhausted, null),
        "lost" => new(WaitReason.SessionLost, null),
        "suspended" => new(WaitReason.Suspended, Until(reply)),
        "held" => new(WaitReason.Held, Until(reply)),
        "rate" => new(WaitReason.RateLimit, Until(reply)),
        "sources" => new(WaitReason.SourcesSuspended, Until(reply)),
        "budget" => new(WaitReason.WarmupBudget, Until(reply)),
        "none" => new(WaitReason.NoSource, null),
        "turn" => new(WaitReason.OthersTurn, Until(reply)),
        var other => throw Reply.Bad($"a claim with {other}"),
    };

    private static DateTimeOffset? Until(RedisResult[] reply) => reply.Length > 1 ? StoreTime.Parse(reply[1].Text()) : null;

    /// <summary>What was granted, but for what cannot be read: that is put off, so that one damaged record does not stop its
    /// lane.</summary>
    private async Task<List<ClaimedDelivery>> GrantedAsync(Shard shard, SessionId session, RedisResult[] reply)
    {
        var claimed = new List<ClaimedDelivery>(reply.Length / 3);
        for (var i = 2; i + 2 < reply.Length; i += 3)
        {
            var id = DeliveryCode.Decode(reply[i].Octets()) ?? throw Reply.Bad("a delivery with another id");
            if (Read(id, reply[i + 1].Octets(), reply[i + 2].Octets()) is { } delivery)
            {
                claimed.Add(delivery);
                continue;
            }
            _logger.Unreadable(id.Message.ToString());
            var postponed = SettleArguments.Postpone(id, UnreadableDelay);
            await _settles.RunAsync(shard, [DeliveryCode.Encode(session), NewToken(), 0, .. postponed]);
        }
        return claimed;
    }

    private static ClaimedDelivery? Read(DeliveryId id, byte[] deliveryRecord, byte[] messageRecord) =>
        DeliveryRecord.Decode(deliveryRecord) is { } delivery && MessageRecord.Decode(messageRecord) is { } message
            ? new ClaimedDelivery(
                id, message.Envelope, delivery.Recipients, delivery.Attempts, message.AcceptedAt, message.ExpiresAt,
                delivery.MayHaveBeenSent, message.ContentLength, message.Content, delivery.Bounce)
            : null;
}
