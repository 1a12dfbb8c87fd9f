using StackExchange.Redis;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Shards;

namespace Webcluster.Queue.Redis;

/// <summary>A message's events are where its deliveries are; what comes with none of these (reports, rules) is on the first
/// shard.</summary>
public sealed partial class RedisMailQueue
{
    private const int MostOfMessage = 1000;
    private const int TrimmedAtATime = 1000;
    private const int MostFullTrims = 20;

    /// <summary>So many events of a page come from one shard, where it has them.</summary>
    private const int LeastShare = 64;

    public async ValueTask AppendAsync(IReadOnlyList<MailEvent> events, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (events.Count == 0)
            return;
        RedisValue[] arguments = [.. events.SelectMany(each => (RedisValue[])[MessageOf(each), MailEventJson.Encode(each)])];
        if (_options.Events.Most > 0)
            await AskAsync(_shards.All[0], _scripts.Events, arguments);
        _options.Events.Tell(events);
    }

    public async ValueTask<IReadOnlyList<StoredEvent>> TimelineAsync(MessageId message, CancellationToken cancellation)
    {
        RedisValue id = DeliveryCode.Encode(message);
        var found = await OnAllAsync(
            async shard => Read(shard, (await shard.RunAsync(_scripts.Timeline, id, MostOfMessage)).Items()), cancellation);
        return [.. found.SelectMany(events => events.AsEnumerable().Reverse()).OrderBy(each => each.Event.At).TakeLast(MostOfMessage)];
    }

    /// <summary>
    /// The shards' events in the order in which they were stored: none goes out before one of another shard that is older, because a message
    /// may have events on several.
    /// </summary>
    public async ValueTask<EventPage> ReadAsync(string? after, int most, CancellationToken cancellation)
    {
        var cursor = EventCursor.Parse(after) ?? throw new ArgumentException("That is no cursor.", nameof(after));
        cancellation.ThrowIfCancellationRequested();
        var share = Math.Clamp(2 * most / _shards.All.Count, Math.Min(most, LeastShare), most);
        var parts = await Task.WhenAll(_shards.All.Select(shard => ReadAsync(shard, cursor[shard.Number], share)));
        var merged = EventMerge.Oldest(parts, share, most);
        foreach (var (part, taken) in parts.Zip(merged.Taken))
            cursor[part.Shard] = part.Behind(taken, share);
        return new EventPage(merged.Events, cursor.ToString(), parts.Sum(part => part.Missed));
    }

    private async Task<EventPart> ReadAsync(Shard shard, (string Id, long Position) from, int share)
    {
        var reply = (await AskAsync(shard, _scripts.ReadEvents, [from.Id, share])).Items(least: 3);
        return new EventPart(shard.Number, from, reply[0].Number(), reply[1].Number(), reply[2].Items());
    }

    public async ValueTask<string> CursorAsync(DateTimeOffset? until, CancellationToken cancellation)
    {
        var cursor = new EventCursor();
        RedisValue time = until is { } at ? at.ToUnixTimeMilliseconds() : RedisValue.EmptyString;
        foreach (var shard in _shards.All)
        {
            cancellation.ThrowIfCancellationRequested();
            var reply = (await AskAsync(shard, _scripts.EventsUntil, [time])).Items(least: 3);
            cursor[shard.Number] = (reply[0].Text(), reply[2].Number() == 1 ? reply[1].Number() : 0);
        }
        return cursor.ToString();
    }

    /// <summary>
    /// Lets go of what is too old or too many: on each shard some, and bounded in all; the next goes on. Where the shards have too many
    /// together, each keeps its part of what it has: providers are of very different size.
    /// </summary>
    private async Task TrimEventsAsync()
    {
        var most = (long)_options.Events.Most;
        var left = new long[_shards.All.Count];
        var full = await TrimAsync(_shards.All, _ => most, left, full: 0);
        var all = left.Sum();
        if (all <= most)
            return;
        long[] parts = [.. left.Select(own => (own * most + all - 1) / all)];
        await TrimAsync([.. _shards.All.Where(shard => left[shard.Number] > 0)], shard => parts[shard.Number], left, full);
    }

    /// <summary>All side by side, and those again that let go of as many as a call may, until there were too many such calls.</summary>
    /// <param name="left">Takes how many each has left.</param>
    /// <param name="full">How many such calls there were before.</param>
    /// <returns>How many there were then.</returns>
    private async Task<int> TrimAsync(IReadOnlyList<Shard> shards, Func<Shard, long> most, long[] left, int full)
    {
        while (shards.Count > 0 && full < MostFullTrims)
        {
            var gone = await Task.WhenAll(shards.Select(shard => TrimAsync(shard, most(shard), left)));
            shards = [.. shards.Where((_, i) => gone[i] >= TrimmedAtATime)];
            full += shards.Count;
        }
        return full;
    }

    private async Task<long> TrimAsync(Shard shard, long most, long[] left)
    {
        var keep = StoreTime.Microseconds(_options.Events.Keep);
        var reply = (await shard.RunAsync(_scripts.TrimEvents, most, keep, TrimmedAtATime)).Items(least: 2);
        left[shard.Number] = reply[1].Number();
        return reply[0].Number();
    }

    private static RedisValue MessageOf(MailEvent mailEvent) =>
        MessageId.TryParse(mailEvent.Message, out var id) ? DeliveryCode.Encode(id) : RedisValue.EmptyString;

    private static List<StoredEvent> Read(Shard shard, RedisResult[] entries) =>
        [.. entries.Select(entry => EventCode.Read(shard.Number, entry)).OfType<StoredEvent>()];

    private static async Task<RedisResult> AskAsync(Shard shard, Scripts.RedisScript script, RedisValue[] arguments)
    {
        try
        {
            return await shard.RunAsync(script, arguments);
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }
    }
}
