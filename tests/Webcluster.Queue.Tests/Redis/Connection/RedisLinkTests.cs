using Shouldly;
using Webcluster.Queue.Redis.Connection;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Redis;

namespace Webcluster.Queue.Tests.Redis.Connection;

public sealed class RedisLinkTests
{
    private const string Key = "wc:{0}:x";

    [RedisFact]
    public async Task Run_ScriptUnknownToTheServer_IsSentWhole()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var link = await daemon.ConnectAsync();
        ((string?)await link.RunAsync(LinkSamples.Ping, [Key], [])).ShouldBe("pong");
        await daemon.RunAsync("SCRIPT", "FLUSH");
        ((string?)await link.RunAsync(LinkSamples.Ping, [Key], [])).ShouldBe("pong");
        (await daemon.RunAsync("INFO", "commandstats")).ShouldContain("cmdstat_eval:calls=2,");
        ((string?)await link.RunAsync(LinkSamples.Ping, [Key], [])).ShouldBe("pong");
        (await daemon.RunAsync("INFO", "commandstats")).ShouldContain("cmdstat_eval:calls=2,");
    }

    [RedisFact]
    public async Task Run_BinaryKeysAndArguments_ArriveUnchanged()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var link = await daemon.ConnectAsync();
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(octet => (byte)octet)];
        await link.RunAsync(LinkSamples.Set, ["wc:{0}:\r\n\0 *1"], [bytes]);
        ((byte[]?)await link.GetAsync("wc:{0}:\r\n\0 *1")).ShouldBe(bytes);
    }

    [RedisFact]
    public async Task Get_ValueOfAnotherType_IsBadReply()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var link = await daemon.ConnectAsync();
        await daemon.RunAsync("LPUSH", Key, "1");
        (await LinkSamples.TroubleOfAsync(() => link.GetAsync(Key)))!.Kind.ShouldBe(RedisTroubleKind.BadReply);
    }

    [RedisFact]
    public async Task Connect_NobodyThere_IsDownAndComesUpByItself()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await daemon.KillAsync();
        await using var link = await daemon.ConnectAsync();
        link.IsUp.ShouldBeFalse();
        var trouble = await LinkSamples.TroubleOfAsync(() => link.GetAsync(Key));
        trouble!.Kind.ShouldBe(RedisTroubleKind.Unavailable);
        trouble.MayHaveHappened.ShouldBeFalse();
        await daemon.RestartAsync();
        (await link.AnsweredAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        link.IsUp.ShouldBeTrue();
    }

    [RedisFact]
    public async Task Run_ServerKilledAndStartedAgain_IsAnsweredAgainSoon()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var link = await daemon.ConnectAsync();
        for (var round = 0; round < 3; round++)
        {
            await link.AnsweredAsync();
            var generation = link.Generation;
            await daemon.KillAsync();
            await Patience.Until(() => !link.IsUp, "down");
            (await LinkSamples.TroubleOfAsync(() => link.GetAsync(Key)))!.Kind.ShouldBe(RedisTroubleKind.Unavailable);
            await daemon.RestartAsync();
            (await link.AnsweredAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(10));
            link.Generation.ShouldBeGreaterThan(generation);
        }
    }

    [RedisFact]
    public async Task Run_ServerKilledWithCallsOut_TheyMayHaveHappened()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var link = await daemon.ConnectAsync(options => options.CallTimeout = TimeSpan.FromSeconds(20));
        await daemon.PauseAsync();
        var calls = Enumerable.Range(0, 20).Select(_ => LinkSamples.TroubleOfAsync(() => link.RunAsync(LinkSamples.Ping, [Key], []))).ToArray();
        await Task.Delay(100);
        await daemon.KillAsync();
        foreach (var trouble in await Task.WhenAll(calls).Soon())
        {
            trouble!.Kind.ShouldBe(RedisTroubleKind.Unavailable);
            trouble.MayHaveHappened.ShouldBeTrue();
        }
    }

    [RedisFact]
    public async Task Run_ServerStandsStill_TimesOutThenFailsAtOnceThenComesBack()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var link = await daemon.ConnectAsync(options => options.CallTimeout = TimeSpan.FromMilliseconds(300));
        await daemon.PauseAsync();
        var trouble = await LinkSamples.TroubleOfAsync(() => link.RunAsync(LinkSamples.Ping, [Key], []));
        trouble!.Kind.ShouldBe(RedisTroubleKind.Timeout);
        trouble.MayHaveHappened.ShouldBeTrue();
        // A new connection may be made meanwhile, whose first call finds out for itself.
        await LinkSamples.UntilAsync(
            async () => (await LinkSamples.TroubleOfAsync(() => link.GetAsync(Key)))?.Kind is RedisTroubleKind.Unavailable, "calls fail at once");
        await daemon.ResumeAsync();
        (await link.AnsweredAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [RedisFact]
    public async Task Run_WhileAnothersScriptDoesNotEnd_IsBusy()
    {
        await using var daemon = await RedisDaemon.StartAsync("--busy-reply-threshold", "100");
        await using var link = await daemon.ConnectAsync();
        var endless = daemon.RunAsync("EVAL", "while true do end", "0");
        await LinkSamples.UntilAsync(
            async () => await LinkSamples.TroubleOfAsync(() => link.RunAsync(LinkSamples.Ping, [Key], [])) is not null, "the script runs");
        (await LinkSamples.TroubleOfAsync(() => link.RunAsync(LinkSamples.Ping, [Key], [])))!.Kind.ShouldBe(RedisTroubleKind.Busy);
        await daemon.RunAsync("SCRIPT", "KILL");
        await endless;
        await link.AnsweredAsync();
    }

    [RedisFact]
    public async Task Run_MemoryReached_IsFull()
    {
        await using var daemon = await RedisDaemon.StartAsync("--maxmemory", "100kb");
        await using var link = await daemon.ConnectAsync();
        var trouble = await LinkSamples.TroubleOfAsync(() => link.RunAsync(LinkSamples.Set, [Key], ["x"]));
        trouble!.Kind.ShouldBe(RedisTroubleKind.Full);
        trouble.MayHaveHappened.ShouldBeFalse();
    }

    [RedisFact]
    public async Task Run_TooFewReplicas_IsNoReplicas()
    {
        await using var daemon = await RedisDaemon.StartAsync("--min-replicas-to-write", "1");
        await using var link = await daemon.ConnectAsync();
        (await LinkSamples.TroubleOfAsync(() => link.RunAsync(LinkSamples.Set, [Key], ["x"])))!.Kind.ShouldBe(RedisTroubleKind.NoReplicas);
    }

    [RedisFact]
    public async Task Subscribe_OverARestart_HearsAgainAndIsToldToLook()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var link = await daemon.ConnectAsync();
        var heard = 0;
        var restored = 0;
        link.Restored = () => Interlocked.Increment(ref restored);
        await link.SubscribeAsync("wc:wake", value => Interlocked.Increment(ref heard));
        await daemon.RunAsync("PUBLISH", "wc:wake", "1");
        await Patience.Until(() => Volatile.Read(ref heard) == 1, "the first publish is heard");
        await daemon.KillAsync();
        await daemon.RestartAsync();
        await Patience.Until(() => Volatile.Read(ref restored) > 0, "restored");
        await Patience.Until(() => link.IsUp, "up");
        for (var tries = 0; Volatile.Read(ref heard) == 1 && tries < 200; tries++)
            await daemon.RunAsync("PUBLISH", "wc:wake", "2");
        Volatile.Read(ref heard).ShouldBeGreaterThan(1);
    }

    [RedisFact]
    public async Task Run_ConnectionsCutOften_EveryCallEndsAndItGoesOn()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var link = await daemon.ConnectAsync();
        var answers = 0;
        using var enough = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                if (await link.AnswersAsync()) Interlocked.Increment(ref answers);
                else await Task.Delay(5);
        })).ToArray();
        for (var cut = 0; cut < 10; cut++)
        {
            var before = Volatile.Read(ref answers);
            await daemon.RunAsync("CLIENT", "KILL", "TYPE", "normal");
            await Patience.Until(() => Volatile.Read(ref answers) > before + 20, $"answers after cut {cut}");
        }
        await enough.CancelAsync();
        await Task.WhenAll(callers).Soon();
    }
}
