using StackExchange.Redis;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Shards;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    /// <summary>The answer where a message's record would have been needed.</summary>
    private const int NotHere = 2;

    /// <summary>Content from this on is sent again only where it is not there yet.</summary>
    private const int LargeOctets = 64 * 1024;

    private static readonly TimeSpan UnknownPause = TimeSpan.FromMilliseconds(50);

    public async Task<EnqueueResult> EnqueueAsync(NewMessage message, CancellationToken cancellation)
    {
        if (message.Deliveries.Count is 0 or > DeliveryCode.MostOrdinals)
            throw new ArgumentException($"A message has 1 to {DeliveryCode.MostOrdinals} deliveries.", nameof(message));
        cancellation.ThrowIfCancellationRequested();
        if (!IsAccepting(out var reason) && !(message.ReplacesMail && reason is EnqueueResult.Full))
            return reason;
        // Asked for, it may be stored whatever happens: from here on only the store's word counts, and cancellation does not.
        var accepted = QueueEvents.Accepted(message, _options.Events.Node);
        var parts = EnqueueArguments.Encode(message, _shards, _options.Events.Most > 0 ? accepted : null);
        var result = await StoreAsync(parts, message.Content.Length);
        if (result is not EnqueueResult.Stored)
            return result;
        _metrics.Enqueued();
        _options.Events.Tell([accepted]);
        return result;
    }

    /// <summary>
    /// Where the message may be stored, but nobody said so or the server may since be another one, it asks again, within the time that a
    /// call with all of it has: whoever heard 451 of a message that is stored sends it twice. "Known already" then means that an earlier
    /// try stored it.
    /// </summary>
    private async Task<EnqueueResult> StoreAsync(List<(Shard Shard, RedisValue[] Arguments)> parts, int octets)
    {
        var began = _time.GetTimestamp();
        var bound = _options.Link.TimeFor((long)octets * parts.Count);
        var maybe = false;
        bool IsOver() => _time.GetElapsedTime(began) >= bound;
        while (true)
        {
            var isKept = Storing();
            var answers = await Task.WhenAll(parts.Select(part => StoreAsync(part.Shard, part.Arguments, octets, maybe ? IsOver : null)));
            var result = Worst(answers);
            if (result is EnqueueResult.Stored or EnqueueResult.AlreadyStored)
            {
                if (await isKept(parts.ConvertAll(part => part.Shard.Number)))
                    return maybe ? EnqueueResult.Stored : result;
                result = EnqueueResult.Unavailable;
                maybe = true;
            }
            maybe |= answers.Any(answer => answer.MayBeStored);
            if (!maybe || IsOver())
                return result;
            await Task.Delay(UnknownPause, _time, CancellationToken.None);
        }
    }

    /// <summary>To be called before something is stored. What it returns says afterwards, of the shards that have it, whether it can be
    /// relied on.</summary>
    private Func<IReadOnlyCollection<int>, Task<bool>> Storing()
    {
        var generation = _link.Generation;
        return shards => _durability!.ConfirmAsync(shards, generation);
    }

    /// <param name="isOver">Where it asks again: whether there is no more time to.</param>
    private async Task<(EnqueueResult Result, bool MayBeStored)> StoreAsync(
        Shard shard, RedisValue[] arguments, int octets, Func<bool>? isOver)
    {
        try
        {
            var answer = isOver is not null && octets >= LargeOctets
                ? await AskAsync(EnqueueArguments.WithoutRecord(arguments), 0)
                : NotHere;
            if (answer == NotHere)
                answer = isOver?.Invoke() is true ? throw TooLate() : await AskAsync(arguments, octets);
            return (answer == 1 ? EnqueueResult.Stored : EnqueueResult.AlreadyStored, MayBeStored: true);
        }
        catch (RedisTroubleException trouble)
        {
            return (trouble.Kind is RedisTroubleKind.Full ? EnqueueResult.Full : EnqueueResult.Unavailable, trouble.MayHaveHappened);
        }

        async Task<long> AskAsync(RedisValue[] request, int content) =>
            (await _enqueues.RunAsync(shard, request, content, alone: isOver is not null)).Number();
    }

    private static RedisTroubleException TooLate() => new(RedisTroubleKind.Timeout, mayHaveHappened: false, "there is no more time");

    /// <summary>A message is stored when every shard has it, and was stored already when each of them had it.</summary>
    private static EnqueueResult Worst((EnqueueResult Result, bool)[] answers)
    {
        bool Any(EnqueueResult result) => Array.Exists(answers, answer => answer.Result == result);
        if (Any(EnqueueResult.Unavailable))
            return EnqueueResult.Unavailable;
        if (Any(EnqueueResult.Full))
            return EnqueueResult.Full;
        return Any(EnqueueResult.Stored) ? EnqueueResult.Stored : EnqueueResult.AlreadyStored;
    }
}
