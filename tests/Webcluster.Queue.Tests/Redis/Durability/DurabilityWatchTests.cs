using Shouldly;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Durability;
using Webcluster.Queue.Tests.Redis.Connection;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class DurabilityWatchTests
{
    private const string Rewritten = "wc:{0}:rewritten";
    private const string Epoch = "wc:{0}:epoch";

    [RedisTheory]
    [InlineData("--appendonly", "no", "appendonly yes")]
    [InlineData("--appendfsync", "everysec", "appendfsync always")]
    [InlineData("--no-appendfsync-on-rewrite", "yes", "no-appendfsync-on-rewrite no")]
    [InlineData("--maxmemory-policy", "allkeys-lru", "maxmemory-policy noeviction")]
    public async Task Start_ServerThatLosesMail_RefusesWithTheLine(string setting, string value, string line)
    {
        await using var daemon = await RedisDaemon.StartAsync(setting, value);
        var refusal = await Should.ThrowAsync<QueueStoreException>(() => WatchSamples.StartAsync(daemon));
        refusal.Message.ShouldContain($"\n  {line}\n");
    }

    [RedisFact]
    public async Task Start_RelaxedOnEverysec_Accepts()
    {
        await using var daemon = await RedisDaemon.StartAsync("--appendfsync", "everysec");
        await using var watched = await WatchSamples.StartAsync(daemon, new DurabilityOptions { Mode = DurabilityMode.Relaxed });
        await watched.AcceptsAsync();
    }

    [RedisFact]
    public async Task Start_ConfigForbidden_AcceptsAndSaysWhatWasNotChecked()
    {
        await using var daemon = await RedisDaemon.StartAsync("--rename-command", "CONFIG", "");
        using var log = new TestLog();
        await using var watched = await WatchSamples.StartAsync(daemon, logger: log.CreateLogger("watch"));
        await watched.AcceptsAsync();
        log.Entries.ShouldContain(entry => entry.Id == 2113 && entry.Text.Contains("appendfsync", StringComparison.Ordinal));
        log.ShouldBeQuiet(2113);
    }

    [RedisFact]
    public async Task Start_UserWithTheRightsTheDocumentsName_AcceptsAndIsRewritten()
    {
        await using var daemon = await RedisDaemon.StartAsync(
            ["--user", "default", "on", ">secret", "~wc:*", "&wc:*", "+@all", "-@dangerous", "+info", "+config|get", "+bgrewriteaof"]);
        var password = Path.Combine(daemon.Folder, "password");
        await File.WriteAllTextAsync(password, "secret");
        await using var watched = await WatchSamples.StartAsync(await daemon.ConnectAsync(options => options.PasswordFile = password));
        await watched.AcceptsAsync();
        await watched.Link.RunAsync(LinkSamples.Set, ["wc:{0}:x"], ["y"]);
        (await LinkSamples.TroubleOfAsync(() => watched.Link.RunAsync(LinkSamples.Set, ["other"], ["y"])))!.Kind
            .ShouldBe(RedisTroubleKind.Denied);
    }

    [RedisFact]
    public async Task IsAccepting_AfterAStart_OnlyOnceTheFileIsRewritten()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var watched = await WatchSamples.StartAsync(daemon);
        await watched.AcceptsAsync();
        var runs = new HashSet<string> { await daemon.RunAsync("GET", Rewritten) };
        for (var round = 0; round < 2; round++)
        {
            await daemon.KillAsync();
            await watched.RefusesAsync(EnqueueResult.Unavailable);
            await daemon.RestartAsync();
            await watched.AcceptsAsync();
            (await daemon.RunAsync("INFO", "persistence")).ShouldContain("aof_rewrites:1\r");
            var run = await daemon.RunAsync("GET", Rewritten);
            (await daemon.RunAsync("INFO", "server")).ShouldContain($"run_id:{run}\r");
            runs.Add(run).ShouldBeTrue();
        }
    }

    [RedisFact]
    public async Task Start_FileRewrittenByAnotherNode_IsNotRewrittenAgain()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using (var first = await WatchSamples.StartAsync(daemon))
            await first.AcceptsAsync();
        // Forgets that a rewrite has begun: what the store has kept must do.
        await daemon.RunAsync("CONFIG", "RESETSTAT");
        await using var second = await WatchSamples.StartAsync(daemon);
        second.Watch.IsAccepting(out _).ShouldBeTrue();
        (await daemon.RunAsync("INFO", "persistence")).ShouldContain("aof_rewrites:0\r");
    }

    [RedisFact]
    public async Task Start_WhileASnapshotIsWritten_WaitsForTheRewriteBehindIt()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await daemon.RunAsync("MSET", "a", "1", "b", "1", "c", "1", "d", "1");
        await daemon.RunAsync("CONFIG", "SET", "rdb-key-save-delay", "300000");
        await daemon.RunAsync("BGSAVE");
        await daemon.RunAsync("CONFIG", "SET", "rdb-key-save-delay", "0");
        await using var watched = await WatchSamples.StartAsync(daemon);
        watched.Watch.IsAccepting(out _).ShouldBeFalse();
        (await daemon.RunAsync("INFO", "persistence")).ShouldContain("aof_rewrite_scheduled:1\r");
        var generation = watched.Link.Generation;
        await watched.AcceptsAsync();
        watched.Link.Generation.ShouldBe(generation);
    }

    [RedisFact]
    public async Task IsAccepting_RewriteForbidden_IsNotAndTheLogSaysWhatToSet()
    {
        await using var daemon = await RedisDaemon.StartAsync("--rename-command", "BGREWRITEAOF", "");
        using var log = new TestLog();
        await using var watched = await WatchSamples.StartAsync(daemon, logger: log.CreateLogger("watch"));
        watched.State.ShouldBe(DurabilityState.Rewriting);
        log.Entries.ShouldContain(entry => entry.Id == 2117 && entry.Text.Contains("aof-load-truncated no", StringComparison.Ordinal));
        watched.Watch.IsAccepting(out _).ShouldBeFalse();
    }

    [RedisFact]
    public async Task Start_ServerThatNeverStartsOnATornFile_AcceptsAtOnce()
    {
        await using var daemon = await RedisDaemon.StartAsync("--aof-load-truncated", "no");
        await using var watched = await WatchSamples.StartAsync(daemon);
        watched.Watch.IsAccepting(out _).ShouldBeTrue();
        (await daemon.RunAsync("INFO", "persistence")).ShouldContain("aof_rewrites:0\r");
    }

    [RedisTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TornFile_WhatIsAcceptedAfterIt_SurvivesTheNextStartBecauseOfTheWatch(bool watched)
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await daemon.RunAsync("SET", "before", "1");
        await daemon.RunAsync("EVAL", "redis.call('SET','a',1) redis.call('LPUSH','q','m1') redis.call('ZADD','z',1,'m1')", "0");
        await daemon.KillAsync();
        var file = Directory.GetFiles(Path.Combine(daemon.Folder, "appendonlydir"), "*.incr.aof").Single();
        await using (var stream = File.OpenWrite(file))
            stream.SetLength(stream.Length - 10);
        await daemon.RestartAsync();
        if (watched)
        {
            await using var watch = await WatchSamples.StartAsync(daemon);
            await watch.AcceptsAsync();
        }
        (await daemon.RunAsync("SET", "after", "1")).ShouldBe("OK");
        await daemon.KillAsync();
        await daemon.RestartAsync();
        (await daemon.RunAsync("GET", "before")).ShouldBe("1");
        (await daemon.RunAsync("GET", "after")).ShouldBe(watched ? "1" : "", "without the watch this server loses it: else the test shows nothing");
    }

    [RedisFact]
    public async Task IsAccepting_StoreComesBackEmpty_NeverUntilTheLossIsAccepted()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        using var log = new TestLog();
        await using var here = await WatchSamples.StartAsync(daemon, logger: log.CreateLogger("watch"));
        await using var there = await WatchSamples.StartAsync(daemon);
        await here.AcceptsAsync();
        await daemon.RunAsync("SET", Epoch, "5");
        await SeenAsync(daemon, here, there);

        await daemon.KillAsync();
        await here.RefusesAsync(EnqueueResult.Unavailable);
        Directory.Delete(Path.Combine(daemon.Folder, "appendonlydir"), recursive: true);
        await daemon.RestartAsync();
        for (var tries = 0; here.State is not DurabilityState.DataLost || there.State is not DurabilityState.DataLost; tries++)
        {
            here.Watch.IsAccepting(out _).ShouldBeFalse();
            there.Watch.IsAccepting(out _).ShouldBeFalse();
            tries.ShouldBeLessThan(10_000);
            await Task.Delay(1);
        }
        log.Entries.ShouldContain(entry => entry.Id == 2114);

        for (var beat = 0; beat < 10; beat++)
            await daemon.RunAsync("INCR", Epoch);
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        here.Watch.IsAccepting(out _).ShouldBeFalse("heartbeats of nodes do not make a loss good");

        (await here.Watch.AcceptLossAsync(CancellationToken.None)).ShouldBeTrue();
        await here.AcceptsAsync();
        await there.AcceptsAsync();
        (await here.Watch.AcceptLossAsync(CancellationToken.None)).ShouldBeFalse();
    }

    [RedisFact]
    public async Task IsAccepting_StoreFlushedBehindOurBack_IsNoticed()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var watched = await WatchSamples.StartAsync(daemon);
        await daemon.RunAsync("SET", Epoch, "5");
        await SeenAsync(daemon, watched);
        await daemon.RunAsync("FLUSHALL");
        await Patience.Until(() => watched.State is DurabilityState.DataLost, "the loss is noticed");
    }

    [RedisFact]
    public async Task IsAccepting_MemoryAboveTheMark_IsFullUntilWellBelow()
    {
        await using var daemon = await RedisDaemon.StartAsync("--maxmemory", "20mb");
        await using var watched = await WatchSamples.StartAsync(daemon);
        await watched.AcceptsAsync();
        await daemon.RunAsync("EVAL", "for at = 1, 17 do redis.call('SET', 'fill' .. at, string.rep('x', 1000000)) end", "0");
        await watched.RefusesAsync(EnqueueResult.Full);
        (await watched.Watch.ConfirmAsync([0], watched.Link.Generation)).ShouldBeTrue("what is stored already may stay");
        await daemon.RunAsync("DEL", "fill1", "fill2", "fill3", "fill4", "fill5");
        await watched.AcceptsAsync();
    }

    [RedisFact]
    public async Task Confirm_ServerStartedAgainSince_IsFalse()
    {
        await using var daemon = await RedisDaemon.StartAsync("--aof-load-truncated", "no");
        await using var watched = await WatchSamples.StartAsync(daemon);
        var before = watched.Link.Generation;
        (await watched.Watch.ConfirmAsync([0], before)).ShouldBeTrue();
        await daemon.KillAsync();
        await watched.RefusesAsync(EnqueueResult.Unavailable);
        await daemon.RestartAsync();
        await watched.AcceptsAsync();
        (await watched.Watch.ConfirmAsync([0], before)).ShouldBeFalse();
        (await watched.Watch.ConfirmAsync([0], watched.Link.Generation)).ShouldBeTrue();
    }

    [RedisFact]
    public async Task IsAccepting_ServerIsAReplica_IsNot()
    {
        await using var first = await RedisDaemon.StartAsync();
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        await using var watched = await WatchSamples.StartAsync(second);
        watched.Watch.IsAccepting(out var reason).ShouldBeFalse();
        reason.ShouldBe(EnqueueResult.Unavailable);
    }

    [RedisFact]
    public async Task IsAccepting_ServerAwayAtTheStart_OnceItIsThere()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await daemon.KillAsync();
        await using var watched = await WatchSamples.StartAsync(daemon);
        watched.Watch.IsAccepting(out var reason).ShouldBeFalse();
        reason.ShouldBe(EnqueueResult.Unavailable);
        await daemon.RestartAsync();
        await watched.AcceptsAsync();
    }

    [RedisFact]
    public async Task Cluster_OneNodeStartsAgain_IsRewrittenAlone()
    {
        await using var cluster = await RedisClusterDaemons.StartAsync();
        var link = await LinkSamples.ConnectAsync(options => (options.Servers, options.Cluster) = ([cluster.Nodes[0].Address], true));
        await using var watched = await WatchSamples.StartAsync(link, shards: 64);
        await watched.AcceptsAsync();
        foreach (var node in cluster.Nodes)
        {
            (await node.RunAsync("INFO", "persistence")).ShouldContain("aof_rewrites:1\r");
            await node.RunAsync("CONFIG", "RESETSTAT");
        }
        await cluster.Nodes[1].KillAsync();
        await watched.RefusesAsync(EnqueueResult.Unavailable);
        await cluster.Nodes[1].RestartAsync();
        await watched.AcceptsAsync();
        (await cluster.Nodes[1].RunAsync("INFO", "persistence")).ShouldContain("aof_rewrites:1\r");
        (await cluster.Nodes[0].RunAsync("INFO", "persistence")).ShouldContain("aof_rewrites:0\r");
    }

    // The watch reads the epochs before it accepts mail over another connection.
    private static async Task SeenAsync(RedisDaemon daemon, params WatchSamples[] watches)
    {
        var generations = watches.Select(watched => watched.Link.Generation).ToArray();
        await daemon.RunAsync("CLIENT", "KILL", "TYPE", "normal");
        for (var at = 0; at < watches.Length; at++)
        {
            var (link, before) = (watches[at].Link, generations[at]);
            await Patience.Until(() => link.Generation > before, "the cut is noticed");
            await watches[at].AcceptsAsync();
        }
    }
}
