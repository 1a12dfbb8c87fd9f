using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Knows whether what the store says is stored will stay stored. A loop looks at every primary each second and after each reconnect;
/// between losing a connection and looking at what is behind the next one, the answer is no. The state is read without locks.
/// </summary>
internal sealed class DurabilityWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hurry = TimeSpan.FromMilliseconds(100);

    private readonly RedisLink _link;
    private readonly DurabilityOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PrimaryWatches _primaries;
    private readonly EpochWatch _epochs;
    private readonly SemaphoreSlim _looking = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private volatile DurabilityVerdict _verdict = DurabilityVerdict.None;
    private Task _loop = Task.CompletedTask;

    private DurabilityWatch(RedisLink link, DurabilityOptions options, WatchedStore store, TimeProvider time, ILogger logger)
    {
        _link = link;
        _options = options;
        _time = time;
        _logger = logger;
        _primaries = new PrimaryWatches(link, options, store.Shards, time, logger);
        var file = store.StateFolder is { } folder ? new EpochFile(folder, store.Shards, logger) : null;
        _epochs = new EpochWatch(link, store.Shards, file, time);
    }

    public DurabilityVerdict Verdict => _verdict;

    /// <summary>Looks once, then goes on looking.</summary>
    /// <exception cref="QueueStoreException">The server's settings do not keep what the mode promises; the message says what redis.conf
    /// needs.</exception>
    public static async Task<DurabilityWatch> StartAsync(
        RedisLink link, DurabilityOptions options, WatchedStore store, QueueMetrics metrics, (TimeProvider Time, ILogger Logger) host)
    {
        var watch = new DurabilityWatch(link, options, store, host.Time, host.Logger);
        await watch.LookAsync();
        if (watch._verdict.State is DurabilityState.Misconfigured)
        {
            var why = watch._verdict.Why;
            await watch.DisposeAsync();
            throw new QueueStoreException($"Redis does not keep mail as queue.redis.durability.mode {options.Mode} promises. {why}");
        }
        metrics.ObserveDurability(() => watch.Shown, () => watch._primaries.Memory);
        watch._loop = watch.RunAsync(watch._stopping.Token);
        return watch;
    }

    /// <summary>May mail be accepted now? Costs nothing.</summary>
    public bool IsAccepting(out EnqueueResult reason)
    {
        var verdict = _verdict;
        reason = verdict.Generation != _link.Generation || !_link.IsUp ? EnqueueResult.Unavailable : verdict.State switch
        {
            DurabilityState.Durable => EnqueueResult.Stored,
            DurabilityState.Full => EnqueueResult.Full,
            _ => EnqueueResult.Unavailable,
        };
        return reason is EnqueueResult.Stored;
    }

    /// <summary>
    /// To be asked after the store has said that it has a message, and before anybody else is told: in mode replicated it waits for
    /// replicas.
    /// False: nothing may be promised, because replicas lack it, or because the server is perhaps not the one that was looked at.
    /// </summary>
    /// <param name="shards">Where the message was stored.</param>
    /// <param name="generation">Of the link, before the store was asked: another server may have been looked at since.</param>
    public async Task<bool> ConfirmAsync(IReadOnlyCollection<int> shards, long generation)
    {
        if (_options.Mode is DurabilityMode.Replicated && !await _primaries.ReplicatedAsync(shards))
            return false;
        // What is stored already may stay, even if memory has run out since.
        return (IsAccepting(out var reason) || reason is EnqueueResult.Full) && generation == _link.Generation;
    }

    /// <summary>An operator says: go on with what is there. All nodes see it.</summary>
    /// <returns>Whether there was a loss to accept.</returns>
    /// <exception cref="RedisTroubleException">It could not be written.</exception>
    public async Task<bool> AcceptLossAsync(CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        try
        {
            if (!await _epochs.AcceptAsync())
                return false;
        }
        finally
        {
            _looking.Release();
        }
        _logger.LossAccepted();
        await LookAsync();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _primaries.DisposeAsync();
        _looking.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await Task.WhenAny(_link.Reached, Task.Delay(IsHurried ? Hurry : Interval, _time, stopping));
                if (_link.IsUp)
                    await LookAsync();
            }
        }
        finally
        {
            // Nobody looks any more: nothing is known.
            _verdict = DurabilityVerdict.None;
        }
    }

    private DurabilityState Shown => _verdict.Generation == _link.Generation && _link.IsUp ? _verdict.State : DurabilityState.Unknown;

    // These end by themselves, and mail waits for their end.
    private bool IsHurried =>
        _link.IsUp && Shown is DurabilityState.Rewriting or DurabilityState.NotServing or DurabilityState.Unknown;

    private async Task LookAsync()
    {
        await _looking.WaitAsync(_stopping.Token);
        try
        {
            var generation = _link.Generation;
            Publish(await JudgeAsync(generation));
        }
        catch (RedisTroubleException trouble)
        {
            // An answer that was late or broken says nothing about what is stored; the last verdict stands until the connection is lost.
            if (_verdict.Generation != _link.Generation)
                Publish(new DurabilityVerdict(DurabilityState.Unknown, trouble.Message, _verdict.Generation));
        }
        finally
        {
            _looking.Release();
        }
    }

    private async Task<DurabilityVerdict> JudgeAsync(long generation)
    {
        // First: a rewrite would take away what an operator may still want to look at.
        if (await _epochs.LookAsync(generation) is { } lost)
            return new DurabilityVerdict(DurabilityState.DataLost, lost, generation);
        var (state, why) = await _primaries.LookAsync(generation);
        return new DurabilityVerdict(state, why, generation);
    }

    private void Publish(DurabilityVerdict verdict)
    {
        var before = _verdict.State;
        var first = _verdict == DurabilityVerdict.None;
        _verdict = verdict;
        if (before == verdict.State && !first)
            return;
        switch (verdict.State)
        {
            case DurabilityState.Durable:
                _logger.Durable(_options.Mode);
                break;
            case DurabilityState.DataLost:
                _logger.DataLost(verdict.Why);
                break;
            case DurabilityState.Rewriting or DurabilityState.NotServing or DurabilityState.Unknown:
                _logger.NotYet(verdict.State, verdict.Why);
                break;
            case DurabilityState.Misconfigured or DurabilityState.WriteFailing or DurabilityState.TooFewReplicas or DurabilityState.Full:
                _logger.NotDurable(verdict.State, verdict.Why);
                break;
            default:
                throw new UnreachableException();
        }
    }
}

/// <param name="StateFolder">Where the node keeps what it has seen of the store; null: nowhere.</param>
internal sealed record WatchedStore(int Shards, string? StateFolder = null);
