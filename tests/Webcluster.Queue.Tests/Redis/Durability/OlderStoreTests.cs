using Shouldly;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Tests.Embedded;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Redis;
using Microsoft.Extensions.Logging;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis.Durability;

/// <summary>The store goes back in time while no node is running; what a node has kept of it shows that to the next one.</summary>
public sealed class OlderStoreTests : IAsyncLifetime
{
    private const int DataLost = 2114;
    private readonly TemporaryFolder _state = new();
    private readonly TestLog _log = new();
    private readonly QueueMetrics _metrics = new();
    private RedisDaemon _daemon = null!;

    private string Data => Path.Combine(_daemon.Folder, "appendonlydir");

    public async Task InitializeAsync()
    {
        if (File.Exists(RedisDaemon.Server))
            _daemon = await RedisDaemon.StartAsync("--aof-load-truncated", "no");
    }

    public async Task DisposeAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _metrics.Dispose();
        _log.Dispose();
        _state.Dispose();
    }

    [RedisFact]
    public async Task Open_OlderData_RefusesOverRestartsUntilTheLossIsAccepted()
    {
        await RunAsync(beats: 1);
        await _daemon.StopAsync();
        Copy(Data, Data + ".old");
        await _daemon.RestartAsync();
        await RunAsync(beats: 3);
        await _daemon.StopAsync();
        Directory.Delete(Data, recursive: true);
        Directory.Move(Data + ".old", Data);
        await _daemon.RestartAsync();

        await using (var queue = await OpenAsync())
        {
            await ShouldRefuseAsync(queue);
            for (var beat = 0; beat < 10; beat++)
                await queue.BeatAsync(NodeA, CancellationToken.None);
        }

        await using (var queue = await OpenAsync())
        {
            await ShouldRefuseAsync(queue);
            (await queue.AcceptLossAsync(CancellationToken.None)).ShouldBeTrue();
            queue.IsAccepting(out _).ShouldBeTrue();
        }

        _log.ShouldBeQuiet(DataLost, 2115);
        await using var last = await OpenAsync();
        last.IsAccepting(out _).ShouldBeTrue();
        (await last.AcceptLossAsync(CancellationToken.None)).ShouldBeFalse();
        (await last.CountAsync(CancellationToken.None)).Messages.ShouldBe(1);
    }

    [RedisFact]
    public async Task Open_DataGone_Refuses()
    {
        await RunAsync(beats: 1);
        await _daemon.StopAsync();
        Directory.Delete(Data, recursive: true);
        await _daemon.RestartAsync();

        await using var queue = await OpenAsync();

        await ShouldRefuseAsync(queue);
        _log.Entries.ShouldContain(entry => entry.Id == DataLost && entry.Text.Contains("shard 0 is empty", StringComparison.Ordinal));
    }

    [RedisFact]
    public async Task Open_SameDataAfterRestarts_Accepts()
    {
        await RunAsync(beats: 2);
        await _daemon.KillAsync();
        await _daemon.RestartAsync();

        await using var queue = await OpenAsync();

        queue.IsAccepting(out _).ShouldBeTrue();
        _log.ShouldBeQuiet();
    }

    [RedisFact]
    public async Task Running_EpochRises_IsKeptWithinSeconds()
    {
        await using var queue = await OpenAsync();
        for (var beat = 0; beat < 42; beat++)
            await queue.BeatAsync(NodeA, CancellationToken.None);

        await Patience.Until(
            () => File.ReadAllText(Path.Combine(_state.Path, "queue-epoch")).EndsWith("\n0 42\n", StringComparison.Ordinal), "the epoch is kept");
    }

    /// <summary>A life of a node that stores one message. It looks at the epoch when it is opened, and keeps it then.</summary>
    private async Task RunAsync(int beats)
    {
        await using (var queue = await OpenAsync())
        {
            await queue.StoreAsync(Message(DateTimeOffset.UtcNow));
            for (var beat = 0; beat < beats; beat++)
                await queue.BeatAsync(NodeA, CancellationToken.None);
        }

        await using var again = await OpenAsync();
    }

    private async Task ShouldRefuseAsync(RedisMailQueue queue)
    {
        _log.Entries.Last(entry => entry.Level >= LogLevel.Warning).Id.ShouldBe(DataLost);
        queue.IsAccepting(out var reason).ShouldBeFalse();
        reason.ShouldBe(EnqueueResult.Unavailable);
        (await queue.EnqueueAsync(Message(DateTimeOffset.UtcNow), CancellationToken.None)).ShouldBe(EnqueueResult.Unavailable);
    }

    private Task<RedisMailQueue> OpenAsync() => RedisMailQueue.OpenAsync(
        new RedisQueueOptions
        {
            Link = new RedisLinkOptions { Servers = [_daemon.Address], CallTimeout = TimeSpan.FromSeconds(15) }, StateFolder = _state.Path,
        },
        TimeProvider.System, _metrics, _log.CreateLogger<RedisMailQueue>(), CancellationToken.None);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
