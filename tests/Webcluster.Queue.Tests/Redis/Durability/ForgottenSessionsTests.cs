using System.Globalization;
using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Redis;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis.Durability;

/// <summary>The store goes back to a time before sessions ended, while their node goes on: it has forgotten them, and nobody reaps
/// it.</summary>
public sealed class ForgottenSessionsTests : IAsyncLifetime
{
    private const int CameBack = 2156;
    private const int TendedUntilAllWasSeen = 8;

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
    }

    [RedisFact]
    public async Task Tend_StoreIsOlderThanAReleasedSession_ItsDeliveriesWaitAgainMarked()
    {
        await using var queue = await OpenAsync();
        for (var i = 0; i < 3; i++)
            await queue.StoreAsync(Message(DateTimeOffset.UtcNow));
        var ended = await queue.ClaimAsync(Google, 2);
        var goesOn = await queue.ClaimAsync(Google);
        Copy(Data, Data + ".old");
        await queue.SettleAsync(ended.Session, ended.Sent());
        await queue.ReleaseAsync(ended.Session, CancellationToken.None);
        await PutBackAsync(queue);
        var before = await queue.CountAsync(CancellationToken.None);
        (before.Claimed, before.Sessions).ShouldBe((3, 2));

        await TendAsync(queue);

        var counts = await queue.CountAsync(CancellationToken.None);
        (counts.Ready, counts.Claimed, counts.Sessions).ShouldBe((2, 1, 1));
        (await queue.SettleAsync(goesOn.Session, goesOn.Sent())).ShouldBe(SettleVerdict.Settled);
        var again = await queue.ClaimAsync(Google, 5);
        again.Messages().ShouldBe(ended.Messages(), ignoreOrder: true);
        again.Deliveries.ShouldAllBe(delivery => delivery.MayHaveBeenSent && delivery.Attempts == 0);
        _log.Entries.Single(entry => entry.Id == CameBack).Text.ShouldContain("had ended: 1; deliveries given back, marked as possibly sent: 2", Case.Sensitive);
        await _daemon.ShouldBeSoundAsync();
    }

    [RedisFact]
    public async Task Tend_ManySessionsCameBackOnManyShards_AllEndAndTheirSlotsAreFree()
    {
        await using var queue = await OpenAsync(shards: 10);
        var claims = new List<ClaimResult.Granted>();
        for (var i = 0; i < 300; i++)
        {
            var lane = Google with { Provider = (i % 20).ToString(CultureInfo.InvariantCulture) };
            await queue.StoreAsync(Message(DateTimeOffset.UtcNow, To(lane)));
            claims.Add(await queue.ClaimAsync(lane));
        }

        Copy(Data, Data + ".old");
        foreach (var claim in claims.Skip(1))
            await queue.ReleaseAsync(claim.Session, CancellationToken.None);
        await PutBackAsync(queue);

        await TendAsync(queue);

        var counts = await queue.CountAsync(CancellationToken.None);
        (counts.Ready, counts.Claimed, counts.Sessions).ShouldBe((299, 1, 1));
        _log.Entries.Count(entry => entry.Id == CameBack).ShouldBeLessThanOrEqualTo(TendedUntilAllWasSeen, "one for each call");
        await _daemon.ShouldBeSoundAsync();
    }

    [RedisFact]
    public async Task Release_StoreIsOlderThanWhatItSettled_WhatItHoldsWaitsAgainMarked()
    {
        await using var queue = await OpenAsync();
        await queue.StoreAsync(Message(DateTimeOffset.UtcNow));
        await queue.StoreAsync(Message(DateTimeOffset.UtcNow));
        var goesOn = await queue.ClaimAsync(Google, 2);
        Copy(Data, Data + ".old");
        await queue.SettleAsync(goesOn.Session, goesOn.Sent());
        await PutBackAsync(queue);
        (await queue.SettleAsync(goesOn.Session, goesOn.Sent(1))).ShouldBe(SettleVerdict.Settled);

        await queue.ReleaseAsync(goesOn.Session, CancellationToken.None);

        var again = (await queue.ClaimAsync(Google, 5)).Deliveries.ShouldHaveSingleItem();
        (again.Id, again.MayHaveBeenSent).ShouldBe((goesOn.Deliveries[0].Id, true));
    }

    [RedisFact]
    public async Task Release_StoreIsAwayAndComesBackOlder_WhatItHeldWaitsAgainMarked()
    {
        await using var queue = await OpenAsync();
        await queue.StoreAsync(Message(DateTimeOffset.UtcNow));
        var ended = await queue.ClaimAsync(Google);
        Copy(Data, Data + ".old");
        await queue.SettleAsync(ended.Session, ended.Sent());
        await _daemon.StopAsync();
        await queue.ReleaseAsync(ended.Session, CancellationToken.None);
        await PutBackAsync(queue);

        await TendAsync(queue);

        (await queue.ClaimAsync(Google)).Deliveries.ShouldHaveSingleItem().MayHaveBeenSent.ShouldBeTrue();
    }

    private static async Task TendAsync(RedisMailQueue queue)
    {
        for (var call = 0; call < TendedUntilAllWasSeen; call++)
            await queue.TendAsync(NodeA, CancellationToken.None);
    }

    private async Task PutBackAsync(RedisMailQueue queue)
    {
        await _daemon.StopAsync();
        Directory.Delete(Data, recursive: true);
        Directory.Move(Data + ".old", Data);
        await _daemon.RestartAsync();
        for (var tries = 0; ; tries++)
        {
            try
            {
                await queue.CountAsync(CancellationToken.None);
                return;
            }
            catch (QueueUnavailableException) when (tries < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    private Task<RedisMailQueue> OpenAsync(int shards = 1) => RedisMailQueue.OpenAsync(
        new RedisQueueOptions
        {
            Link = new RedisLinkOptions { Servers = [_daemon.Address], CallTimeout = TimeSpan.FromSeconds(15) }, Shards = shards,
            SiteLimits = new SiteLimits(100, 100),
        },
        TimeProvider.System, _metrics, _log.CreateLogger<RedisMailQueue>(), CancellationToken.None);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
