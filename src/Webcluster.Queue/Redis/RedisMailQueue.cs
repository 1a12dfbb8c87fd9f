using Microsoft.Extensions.Logging;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Durability;
using Webcluster.Queue.Redis.Rules;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Sessions;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Redis.Suppression;
using Webcluster.Queue.Redis.Waiting;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Tallies;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Redis;

/// <summary>
/// The queue that all nodes share. All state is in Redis and every transition is one script, so that nodes need not know each other.
/// Nothing is kept here but what is on its way.
/// </summary>
public sealed partial class RedisMailQueue
    : IMailQueue, IQueueRules, IQueueRecovery, ITrafficControl, IEventLog, IFeedStore, ISuppressionList, ISoftFailures, ISharedTally
{
    // 2: a message's only delivery, the first, is in no set of ordinals.
    private const int Layout = 2;
    private const int OldestLayout = 1;

    private readonly RedisQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly QueueMetrics _metrics;
    private readonly ILogger _logger;
    private readonly RedisLink _link;
    private readonly QueueScripts _scripts;
    private readonly ShardMap _shards;
    private readonly GroupedScript _enqueues;
    private readonly GroupedScript _settles;
    private readonly LaneWatch _watch;
    private readonly OwnSessions _own = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RuleCarrier _carrier;
    private readonly RedisSuppressionList _suppressions;
    private readonly RedisSoftFailures _softFailures;
    private DurabilityWatch? _durability;
    private Task _counting = Task.CompletedTask;
    private Task _carrying = Task.CompletedTask;

    private RedisMailQueue(RedisQueueOptions options, TimeProvider time, QueueMetrics metrics, ILogger logger, RedisLink link)
    {
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _link = link;
        _scripts = new QueueScripts();
        _shards = new ShardMap([.. Enumerable.Range(0, options.Shards)
            .Select(number => new Shard(number, link, options.SiteLimits.Connections, options.StoreClock))]);
        _enqueues = new GroupedScript(_scripts.Enqueue, _shards);
        _settles = new GroupedScript(_scripts.Settle, _shards);
        _watch = new LaneWatch(_shards, _scripts, options.StoreClock ?? time);
        var reports = new RuleReports(metrics, logger, options.Events, CarriedOutAsync);
        _carrier = new RuleCarrier(_shards, _scripts, reports, options.StoreClock ?? time);
        _suppressions = new RedisSuppressionList(_shards, _scripts, Storing);
        _softFailures = new RedisSoftFailures(_shards, _scripts);
    }

    private DateTimeOffset Now => (_options.StoreClock ?? _time).GetUtcNow();

    /// <summary>Connects, and sees that the store was made for as many shards.</summary>
    /// <exception cref="QueueStoreException">There is no Redis, it cannot be used, or its queue has another number of shards or another
    /// layout.</exception>
    public static async Task<RedisMailQueue> OpenAsync(
        RedisQueueOptions options, TimeProvider time, QueueMetrics metrics, ILogger<RedisMailQueue> logger, CancellationToken cancellation)
    {
        if (options.Shards is < 1 or > RedisQueueOptions.MostShards)
            throw new QueueStoreException($"The queue in Redis has 1 to {RedisQueueOptions.MostShards} shards, not {options.Shards}.");
        try
        {
            var link = await RedisLink.ConnectAsync(options.Link, metrics, time, logger, cancellation);
            var queue = new RedisMailQueue(options, time, metrics, logger, link);
            await queue.StartAsync(cancellation);
            return queue;
        }
        catch (Exception trouble) when (trouble is RedisTroubleException or QueueUnavailableException)
        {
            throw new QueueStoreException($"The queue in Redis cannot be opened: {trouble.Message}", trouble);
        }
    }

    public bool IsAccepting(out EnqueueResult reason)
    {
        reason = EnqueueResult.Unavailable;
        return !_stopping.IsCancellationRequested && _durability is { } durability && durability.IsAccepting(out reason);
    }

    public async Task<IReadOnlyList<LaneKey>> NextLanesAsync(
        int most, IReadOnlyCollection<string> without, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        try
        {
            return await _watch.NextAsync(most, without, ends.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The queue was closed.
        }
        throw new ObjectDisposedException(nameof(RedisMailQueue));
    }

    public async Task<bool> AcceptLossAsync(CancellationToken cancellation)
    {
        try
        {
            return await _durability!.AcceptLossAsync(cancellation);
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }
    }

    /// <summary>Lets go of the connection. What is queued and claimed stays as it is in the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        await _counting;
        await _carrying;
        if (_durability is { } durability)
            await durability.DisposeAsync();
        await _link.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            _link.Restored = RingAll;
            await Task.WhenAll(_shards.All.Select(OpenAsync)).WaitAsync(cancellation);
            var store = new WatchedStore(_options.Shards, _options.StateFolder);
            _durability = await DurabilityWatch.StartAsync(_link, _options.Durability, store, _metrics, (_time, _logger));
            foreach (var shard in _shards.All)
            {
                await _link.SubscribeAsync(shard.WakeChannel, due => _watch.Ring(shard.Number, due.TryParse(out long time) ? time : 0));
                await _link.SubscribeAsync(shard.RuleChannel, _ => _carrier.Ring(shard.Number));
            }
            RingAll();
            await ObserveAsync(cancellation);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
        _metrics.Observe(() => _latest);
        _metrics.Observe(() => _latestRules);
        _metrics.ObserveSuppressions(() => _latestSuppressions);
        _carrying = _carrier.RunAsync(_stopping.Token);
        _counting = KeepCountingAsync(_stopping.Token);
        _logger.Opened(_options.Shards, _latest.Messages, _latest.Ready + _latest.Scheduled + _latest.Claimed);
    }

    /// <summary>Publishes may have been missed.</summary>
    private void RingAll()
    {
        _watch.RingAll();
        _carrier.RingAll();
    }

    private async Task OpenAsync(Shard shard)
    {
        var store = (await shard.RunAsync(_scripts.Open, _options.Shards, Layout, OldestLayout)).Items(least: 2);
        var (made, layout) = (store[0].Number(), store[1].Number());
        if (layout != Layout)
            throw new QueueStoreException($"The queue in Redis has layout {layout}; this program knows {Layout}.");
        if (made != _options.Shards)
            throw new QueueStoreException($"The queue in Redis was made for {made} shards, and {_options.Shards} are configured.");
    }
}
