using Shouldly;
using Webcluster.Delivery.Tests.Pump;
using Webcluster.Delivery.Wire;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;

namespace Webcluster.Delivery.Tests.Transfer.AbuseCases;

/// <summary>Servers, and a node, that go away or take their time.</summary>
internal static class LostServers
{
    public static async Task DropsAtEachStage()
    {
        foreach (var stage in new[] { Stage.Hello, Stage.Mail, Stage.Rcpt, Stage.Data, Stage.Content })
            (await SilenceTests.RunAsync(SilenceTests.Until(stage).Reset(), stage)).ShouldEndWith($"ConnectionLost@{stage}");

        // In the whole: deferred, with the stage in the record; no attempt counted.
        await using var server = ScriptedServer.Start(Server.Greet().Expect("MAIL FROM:<s@from.test>\r\n").Reset());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await (await bench.RunAsync()).Running.Soon();
        var deferred = bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Deferred>();
        deferred.CountsAttempt.ShouldBeFalse();
        deferred.Remaining[0].LastReply!.ShouldEndWith("(while sending MAIL FROM)");
        new SmtpTimeouts().FinalDot.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(10));
    }

    public static async Task ClosesWithoutReplyToTheDot()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test", "").Close());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await (await bench.RunAsync()).Running.Soon();
        var deferred = bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Deferred>();
        deferred.After.ShouldBe(TimeSpan.FromMinutes(5), "later, not at once");
        deferred.Remaining[0].LastReply!.ShouldContain("message may be sent more than once");
        bench.Log.Entries.ShouldContain(entry => entry.Id == 3013);
    }

    public static async Task ClosesAfter250()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Close());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        bench.Queue.Settlements[0].ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
    }

    public static async Task NodeDiesBeforeSettling()
    {
        var second = Server.Signal();
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").ToContent("b@to.test").Signal(second).Silence());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 2 } };
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync("b@to.test");
        bench.Queue.SettleGate = new TaskCompletionSource().Task;
        var (runner, running) = await bench.RunAsync();
        await second.Task.Soon();
        runner.Abandon();
        await running.Soon();
        await server.FinishedAsync();
        // None lost; and of the two only the one whose outcome was on its way can come twice.
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(2);
        server.Transcripts[0].Split("\r\n.\r\n").Length.ShouldBe(2);
    }

    public static async Task Greylists()
    {
        await using var server = ScriptedServer.Start(
            Server.Greet().On("MAIL FROM:<s@from.test>\r\n", Server.Ok).On("RCPT TO:<a@to.test>\r\n", "450 4.2.0 greylisted\r\n").Quit(),
            Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        await bench.ParkedAsync();
        await bench.AdvanceAsync(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        bench.Queue.Settlements.Count.ShouldBe(1, "five minutes are not over");
        await bench.AdvanceAsync(TimeSpan.FromSeconds(1));
        await bench.SettledAsync(2);
        bench.Queue.Settlements[1].ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        await bench.StopAsync();
        await server.FinishedAsync();
        server.Sources[0].Address.ShouldBe(server.Sources[1].Address);
    }

    public static async Task AnswersTheDotAfterNineMinutes()
    {
        var dotted = Server.Signal();
        var goOn = Server.Signal();
        await using var server =
            ScriptedServer.Start(Server.Greet().Message("a@to.test", "").Signal(dotted).WaitFor(goOn.Task).Send(Server.Ok).Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await dotted.Task.Soon();
        await bench.AdvanceAsync(TimeSpan.FromMinutes(9));
        goOn.SetResult();
        await bench.SettledAsync(1);
        bench.Queue.Settlements[0].ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        await bench.StopAsync();
        await server.FinishedAsync();
        bench.Log.ShouldBeQuiet();
    }

    public static async Task TakesOneMessageAConnection()
    {
        SmtpScript One() => Server.Greet().Message("a@to.test").On("MAIL FROM:<s@from.test>\r\n", "421 4.7.0 enough for one connection\r\n")
            .ExpectEnd();
        await using var server = ScriptedServer.Start(One(), One(), Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server, limits: new SiteLimits(Connections: 1)) { Options = { ClaimBatch = 3 } };
        for (var i = 0; i < 3; i++) await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await Patience.Until(() => bench.Queue.Settlements.OfType<Settlement.Done>().Count() == 3, "all delivered");
        await bench.StopAsync();
        // No attempt was counted, and there were no more connections than messages.
        bench.Queue.Settlements.OfType<Settlement.Deferred>().ShouldBeEmpty();
        await server.FinishedAsync();
    }
}
