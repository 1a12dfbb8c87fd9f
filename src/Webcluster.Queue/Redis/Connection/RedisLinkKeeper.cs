using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>
/// The loop that owns the connection: finds where the primary is, connects, hears the channels, waits until the connection is lost or leads
/// to the wrong server, and begins again. One connection at a time; the one before is closed by then.
/// </summary>
internal sealed class RedisLinkKeeper(RedisLinkOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private readonly RedisConfiguration _configuration = new(options);
    private readonly SentinelGuide? _guide = options.Sentinels.Count > 0 ? new SentinelGuide(options, time) : null;
    private readonly Lock _gate = new();
    private readonly List<(string Channel, Action<RedisValue> Heard)> _channels = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RedisConnection? _current;
    private volatile string _whyDown = "not connected yet";
    private TaskCompletionSource _reached = NewSignal();
    private long _generation;
    private bool _saidDown;
    private Task _loop = Task.CompletedTask;

    public Action? Restored { get; set; }

    public Task Reached => Volatile.Read(ref _reached).Task;

    public RedisConnection? Current => _current;

    public string WhyDown => _whyDown;

    /// <summary>Grows whenever the server at the other end may have become another one, before anything is asked of that.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Returns when the first try has ended, either way.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _loop = RunAsync(_stopping.Token);
        // A loop that ends here has met what it was not made for, and says so.
        await (await Task.WhenAny(_tried.Task, _loop).WaitAsync(cancellation));
    }

    public async Task SubscribeAsync(string channel, Action<RedisValue> heard)
    {
        RedisConnection? connection;
        lock (_gate)
        {
            _channels.Add((channel, heard));
            connection = _current;
        }
        if (connection is not null)
            await HearAsync(connection, channel, heard);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_guide is not null)
            await _guide.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var pause = FirstPause;
        while (!stopping.IsCancellationRequested)
        {
            if (await TryHoldAsync(stopping))
                pause = FirstPause;
            _tried.TrySetResult();
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <returns>Whether there was a connection, until now.</returns>
    private async Task<bool> TryHoldAsync(CancellationToken stopping)
    {
        try
        {
            var server = _guide is null ? null : await _guide.FindAsync(stopping);
            var configuration = _configuration.ForServers(server is null ? options.Servers : [server]);
            await using var connection = await RedisConnection.OpenAsync(configuration, Kind, time);
            if (server is not null)
                await DemandPrimaryAsync(connection, stopping);
            await TakeAsync(connection);
            await HoldAsync(connection, server, stopping);
            Interrupt();
            _current = null;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (RedisTroubleException trouble)
        {
            Down(trouble.Message);
            return false;
        }
    }

    private RedisConnectionKind Kind =>
        options.Cluster ? RedisConnectionKind.Cluster : _guide is null ? RedisConnectionKind.Server : RedisConnectionKind.Primary;

    // A Sentinel may not have noticed yet that a primary came back as a replica.
    private async Task DemandPrimaryAsync(RedisConnection connection, CancellationToken stopping)
    {
        try
        {
            var point = connection.Points()[0];
            var info = await connection.InfoAsync(point).WaitAsync(options.CallTimeout, time, stopping);
            if (!info.Contains("\nrole:master\r", StringComparison.Ordinal))
                throw new RedisTroubleException(RedisTroubleKind.ReadOnly, mayHaveHappened: false,
                    $"{RedisConfiguration.Name(point)} is no primary, though the Sentinels say so");
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            throw RedisTroubles.From(fault);
        }
    }

    private async Task TakeAsync(RedisConnection connection)
    {
        connection.Interrupted = Interrupt;
        connection.Reconnected = Announce;
        Interrupt();
        List<(string Channel, Action<RedisValue> Heard)> channels;
        lock (_gate)
        {
            _current = connection;
            channels = [.. _channels];
        }
        await Task.WhenAll(channels.Select(channel => HearAsync(connection, channel.Channel, channel.Heard)));
        _saidDown = false;
        logger.RedisConnected(string.Join(", ", connection.Points().Select(RedisConfiguration.Name)));
        _tried.TrySetResult();
        Announce();
    }

    private async Task HoldAsync(RedisConnection connection, string? server, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var again = Task.Delay(_guide is null ? Timeout.InfiniteTimeSpan : AskAgain, time, stopping);
            await Task.WhenAny(connection.Lost, _guide?.Switched ?? connection.Lost, again);
            if (connection.Lost.IsCompleted)
            {
                Down("the connection was lost");
                return;
            }
            if (_guide is not null && !stopping.IsCancellationRequested && await MovedAsync(_guide, server, stopping))
            {
                Down("the Sentinels name another primary");
                return;
            }
        }
    }

    private static async Task<bool> MovedAsync(SentinelGuide guide, string? server, CancellationToken stopping)
    {
        try
        {
            return await guide.FindAsync(stopping) != server;
        }
        catch (RedisTroubleException)
        {
            // No Sentinel answers: the primary still does.
            return false;
        }
    }

    // Where it fails the connection is about to be lost, and the next one hears all channels.
    private Task HearAsync(RedisConnection connection, string channel, Action<RedisValue> heard) =>
        connection.SubscribeAsync(channel, heard).WaitAsync(options.CallTimeout, time)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Announce()
    {
        Interlocked.Exchange(ref _reached, NewSignal()).TrySetResult();
        Restored?.Invoke();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Interrupt() => Interlocked.Increment(ref _generation);

    private void Down(string why)
    {
        _whyDown = $"Redis: {why}";
        if (_saidDown)
            return;
        _saidDown = true;
        logger.RedisLost(why);
    }
}
