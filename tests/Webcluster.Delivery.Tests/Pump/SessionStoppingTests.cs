using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>Sessions that end before their work does: drained, abandoned, without a lease, or by a fault.</summary>
public class SessionStoppingTests
{
    [Fact]
    public async Task Run_LeaseLost_NoDotAndNothingSettledAsSent()
    {
        var settled = await WithoutDotAsync(bench =>
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(8));
            return Task.CompletedTask;
        });
        settled.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Returned>();
    }

    [Fact]
    public Task Run_BeatsHadAGap_NoDotAlthoughTheyAreBack() => WithoutDotAsync(bench =>
    {
        // In the gap another node may have been given the delivery.
        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        return bench.Heartbeat.BeatAsync(CancellationToken.None);
    });

    [Fact]
    public async Task Drain_BeforeData_GivesBackAtOnce()
    {
        var waiting = Server.Signal();
        await using var server = ScriptedServer.Start(Server.Greet().Expect("MAIL FROM:<s@from.test>\r\n").Signal(waiting).Silence());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 2 } };
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync("b@to.test");
        var (runner, running) = await bench.RunAsync();
        await waiting.Task.Soon();
        runner.Drain();
        await running.Soon();
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Returned>();
        bench.Queue.Pauses.ShouldBeEmpty();
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(2);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Drain_AfterTheDot_FinishesThisOneOnly()
    {
        var dotted = Server.Signal();
        await using var server =
            ScriptedServer.Start(Server.Greet().ToContent("a@to.test").OnAnyContent("").Signal(dotted).WaitFor(Gate(out var goOn))
            .Send(Server.Ok).Quit());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 2 } };
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync("b@to.test");
        var (runner, running) = await bench.RunAsync();
        await dotted.Task.Soon();
        runner.Drain();
        goOn.SetResult();
        await running.Soon();
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Drain_WhileDnsIsAsked_DoesNotWaitForIt()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        bench.Dns.Gate = new TaskCompletionSource().Task;
        var (runner, running) = await bench.RunAsync();
        await Patience.Until(() => bench.Dns.Asked.Count > 0, "DNS is asked");
        runner.Drain();
        await running.Soon();
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
        bench.Log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Drain_AtAnyMomentAndAfterTheEnd_NeverThrows()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        var (runner, running) = await bench.RunAsync();
        await bench.Clock.AdvanceUntilAsync(running, TimeSpan.FromSeconds(1));
        Should.NotThrow(runner.Drain);
        Should.NotThrow(runner.Abandon);
    }

    [Fact]
    public async Task Abandon_WhileTheStoreHangs_EndsAndGivesBack()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Silence());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        bench.Queue.SettleGate = new TaskCompletionSource().Task;
        var (runner, running) = await bench.RunAsync();
        await Patience.Until(() => bench.Queue.Diary.Contains("settling"), "settling");
        runner.Drain();
        await Task.Delay(20);
        running.IsCompleted.ShouldBeFalse("what was sent is still to be settled");
        runner.Abandon();
        await running.Soon();
        bench.Queue.Diary[^1].ShouldBe("release");
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Abandon_NoReplyToTheDot_WhatIsKnownIsSettled()
    {
        var dotted = Server.Signal();
        await using var server = ScriptedServer.Start(Server.Greet().On("MAIL FROM:<s@from.test>\r\n", Server.Ok)
            .On("RCPT TO:<a@to.test>\r\n", Server.Ok).On("RCPT TO:<b@to.test>\r\n", "550 5.1.1 User unknown\r\n").On("DATA\r\n", "354 go\r\n")
            .OnAnyContent("").Signal(dotted).Silence());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test", "b@to.test");
        var (runner, running) = await bench.RunAsync();
        await dotted.Task.Soon();
        runner.Abandon();
        await running.Soon();
        var left = bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Deferred>();
        (left.Remaining.Single().Address.LocalPart, left.CountsAttempt).ShouldBe(("a", true));
        bench.Queue.Enqueued.Count.ShouldBe(2, "the message, and the report about b");
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Abandon_NoTimeForTheReport_WhoHasTheMailIsSettled()
    {
        await using var server = ScriptedServer.Start(Server.Greet().On("MAIL FROM:<s@from.test>\r\n", Server.Ok)
            .On("RCPT TO:<a@to.test>\r\n", Server.Ok).On("RCPT TO:<b@to.test>\r\n", "550 5.1.1 who?\r\n").On("DATA\r\n", "354 go\r\n")
            .OnAnyContent(Server.Ok).Silence());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test", "b@to.test");
        bench.Queue.EnqueueGate = new TaskCompletionSource().Task;
        var (runner, running) = await bench.RunAsync();
        await Patience.Until(() => bench.Queue.Diary.Contains("enqueuing"), "the report is on its way");
        runner.Abandon();
        await running.Soon();
        var left = bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Deferred>();
        left.Remaining.Single().Address.LocalPart.ShouldBe("b");
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_SettlingFails_EndsWithoutParking()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        bench.Queue.SettleGate = Task.FromException(new InvalidOperationException("a fault of this program"));
        var (_, running) = await bench.RunAsync();
        // No clock moves: it must not take the idle time.
        await running.Soon();
        bench.Queue.Diary[^1].ShouldBe("release");
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_SettlingFailsWhileTheNextIsUnderWay_NeitherDotNorCommandFollowsItsContent()
    {
        var end = Server.Signal();
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").ToContent("b@to.test").Signal(end).Silence());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 2 } };
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync("b@to.test");
        bench.Queue.SettleGate = Task.FromException(new InvalidOperationException("a fault of this program"));
        var (_, running) = await bench.RunAsync();
        await end.Task.Soon();
        await running.Soon();
        await server.FinishedAsync();
        server.Transcripts[0].Split("\r\n.\r\n").Length.ShouldBe(2, "one final dot");
        server.Transcripts[0].ShouldNotContain("QUIT");
        bench.Log.Entries.ShouldContain(entry => entry.Level == LogLevel.Error && entry.Id == 3017);
    }

    [Fact]
    public async Task Run_FaultWhileAnOutcomeIsUnderWay_IsReleasedOnlyAfterIt()
    {
        // Released first, the message that was sent would wait again, and be sent again.
        FakeDns? dns = null;
        await using var server = ScriptedServer.Start(Server.Greet().ToContent("a@to.test").OnAnyContent("").Do(() =>
        {
            dns!.Fault = new InvalidOperationException("a fault of this program");
            return Task.CompletedTask;
        }).Send(Server.Ok).Quit());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 2 } };
        dns = bench.Dns;
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync("b@to.test");
        var durable = Server.Signal();
        bench.Queue.SettleGate = durable.Task;
        var (_, running) = await bench.RunAsync();
        await Patience.Until(() => bench.Queue.Diary.Contains("pause"), "the fault is met");
        await Task.Delay(20);
        bench.Queue.Diary.ShouldNotContain("release");
        durable.SetResult();
        await running.Soon();
        var diary = bench.Queue.Diary.ToList();
        diary.IndexOf("settled Done").ShouldBeLessThan(diary.IndexOf("release"));
        bench.Log.Entries.ShouldContain(entry => entry.Level == LogLevel.Error && entry.Id == 3017);
        await server.FinishedAsync();
    }

    /// <summary>Something happens while the server keeps back its 354: no dot may follow. Gives back what was settled.</summary>
    private static async Task<IReadOnlyList<Settlement>> WithoutDotAsync(Func<PumpBench, Task> meanwhile)
    {
        var content = Server.Signal();
        await using var server =
            ScriptedServer.Start(Server.Greet().On("MAIL FROM:<s@from.test>\r\n", Server.Ok).On("RCPT TO:<a@to.test>\r\n", Server.Ok)
            .Expect("DATA\r\n").Signal(content).WaitFor(Gate(out var goOn)).Send("354 go\r\n").Silence());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        var (_, running) = await bench.RunAsync();
        await content.Task.Soon();
        await meanwhile(bench);
        goOn.SetResult();
        await running.Soon();
        await server.FinishedAsync();
        server.Transcripts[0].ShouldNotContain("\r\n.\r\n");
        return bench.Queue.Settlements;
    }

    private static Task Gate(out TaskCompletionSource gate) => (gate = Server.Signal()).Task;
}
