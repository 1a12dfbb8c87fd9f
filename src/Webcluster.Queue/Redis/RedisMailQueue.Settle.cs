using StackExchange.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<SettleVerdict>> SettleAsync(
        SessionId session, IReadOnlyList<Settlement> outcomes, CancellationToken cancellation)
    {
        var shard = _shards.Of(session);
        var arguments = SettleArguments.Encode(outcomes);
        for (var i = 0; i < outcomes.Count; i++)
            if (outcomes[i] is Settlement.Rerouted rerouted && _shards.Of(rerouted.To) != shard)
            {
                var move = NewToken();
                arguments = Replace(arguments, i, await TryAsync(again => CopyAsync(session, rerouted, move, again), cancellation));
            }
        var verdicts = await SettleAsync(shard, session, arguments, cancellation);
        _options.Events.Tell(outcomes, verdicts);
        return verdicts;
    }

    /// <summary>Tries until the store has answered. From the second time on it says that it may have been done already.</summary>
    private Task<IReadOnlyList<SettleVerdict>> SettleAsync(
        Shard shard, SessionId session, RedisValue[] outcomes, CancellationToken cancellation)
    {
        RedisValue[] arguments = [DeliveryCode.Encode(session), NewToken(), 0, .. outcomes];
        return TryAsync<IReadOnlyList<SettleVerdict>>(
            async again =>
            {
                arguments[2] = again ? 1 : 0;
                var reply = await _settles.RunAsync(shard, arguments, alone: again);
                return [.. reply.Text().Select(Verdict)];
            },
            cancellation);
    }

    /// <summary>
    /// A delivery goes to a lane of another shard in two steps: it is copied there, then, once that is as durable as mail must be, it is
    /// done with here. A crash in between leaves it on both: it may be sent twice then, but never lost.
    /// </summary>
    /// <returns>The outcome that is left to be settled here; that is refused where the session does not hold the delivery.</returns>
    private async Task<RedisValue[]> CopyAsync(SessionId session, Settlement.Rerouted rerouted, byte[] move, bool again)
    {
        var (id, from, to) = (rerouted.Delivery, _shards.Of(session), _shards.Of(rerouted.To));
        if (await ReadAsync(from, DeliveryCode.Encode(id), CancellationToken.None) is { } held
            && DeliveryRecord.Decode(held) is { } delivery && delivery.Holder == session)
        {
            var isKept = Storing();
            // The message itself goes along only where it is not there yet.
            if (!await MoveAsync())
            {
                if (await ReadMessageAsync(from, id.Message, CancellationToken.None) is not { } record
                    || MessageRecord.Decode(record) is not { } message)
                {
                    _logger.Unreadable(id.Message.ToString());
                    return SettleArguments.Postpone(id, UnreadableDelay);
                }
                await MoveAsync(record, message.ContentLength);
            }
            if (!await isKept([to.Number]))
                throw new RedisTroubleException(RedisTroubleKind.Unavailable, mayHaveHappened: true, "what moves is not known to be kept");

            async Task<bool> MoveAsync(byte[]? record = null, int contentLength = 0)
            {
                var arguments = EnqueueArguments.Moved(id, delivery, rerouted.To, move, (record ?? [], contentLength));
                return (await _enqueues.RunAsync(to, arguments, record?.Length ?? 0, alone: again)).Number() != NotHere;
            }
        }
        return SettleArguments.Encode(new Settlement.Done(id, Sent: false) { Events = rerouted.Events });
    }

    /// <summary>Tries until it works; given up by cancellation, or when the queue is closed.</summary>
    private async Task<T> TryAsync<T>(Func<bool, Task<T>> attempt, CancellationToken cancellation)
    {
        var again = false;
        for (var pause = FirstPause; ; pause = Min(pause * 2, LongestPause))
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            try
            {
                return await attempt(again);
            }
            catch (RedisTroubleException trouble)
            {
                if (pause == FirstPause)
                    _logger.SettlingWaits(trouble.Message);
                again |= trouble.MayHaveHappened;
            }
            await Task.Delay(pause, _time, cancellation);
        }
    }

    private static RedisValue[] Replace(RedisValue[] arguments, int at, RedisValue[] with)
    {
        with.CopyTo(arguments, at * with.Length);
        return arguments;
    }

    private static byte[] NewToken() => Guid.NewGuid().ToByteArray();

    private static SettleVerdict Verdict(char digit) => digit switch
    {
        '0' => SettleVerdict.Settled,
        '1' => SettleVerdict.SettledLate,
        '2' => SettleVerdict.Duplicate,
        '3' => SettleVerdict.Refused,
        _ => throw Reply.Bad($"verdict {digit}"),
    };

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
