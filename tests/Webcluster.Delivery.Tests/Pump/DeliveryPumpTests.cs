using Shouldly;
using Webcluster.Delivery.Pump;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Protocol.Dns;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

public class DeliveryPumpTests
{
    private static readonly LaneKey Routed = new("route:.route.test", "route:.route.test", "default");

    [Fact]
    public async Task Pump_NextMessage_TakesTheParkedConnection()
    {
        await using var server =
            ScriptedServer.Start(Server.Greet().Message("a@to.test").Message("b@two.test").Message("c@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.StartAsync();
        foreach (var (recipient, count) in new[] { ("a@to.test", 1), ("b@two.test", 2), ("c@to.test", 3) })
        {
            await bench.AcceptAsync(recipient);
            await bench.SettledAsync(count);
            await bench.ParkedAsync();
        }

        bench.Queue.Released.ShouldBe(0);
        bench.Clock.Advance(bench.Options.IdleTimeout);
        await server.FinishedAsync();
        await Patience.Until(() => bench.Queue.Released == 1, "released");
        await bench.StopAsync();
        bench.Log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Pump_IdleTimeIsNotOver_StaysParked()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(1);
        await bench.ParkedAsync();
        bench.Clock.Advance(bench.Options.IdleTimeout - TimeSpan.FromTicks(1));
        await Task.Delay(20);
        bench.Queue.Released.ShouldBe(0);
        bench.Clock.Advance(TimeSpan.FromTicks(1));
        await Patience.Until(() => bench.Queue.Released == 1, "released");
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_ParkedConnectionDied_TheMessageTakesAnother()
    {
        await using var server =
            ScriptedServer.Start(Server.Greet().Message("a@to.test").Close(), Server.Greet().Message("b@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(1);
        await bench.ParkedAsync();
        await bench.AcceptAsync("b@to.test");
        await bench.SettledAsync(3);
        bench.Queue.Settlements.Select(settlement => settlement.GetType().Name).ShouldBe(["Done", "Returned", "Done"]);
        await bench.ParkedAsync();
        bench.Clock.Advance(bench.Options.IdleTimeout);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_NoRoom_AParkedConnectionMakesRoom()
    {
        await using var first = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var second = ScriptedServer.Start(Server.Greet().Message("b@x.route.test").Quit());
        await using var bench = new PumpBench(first, second) { Options = { MaxSessions = 1 } };
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(1);
        await bench.ParkedAsync();
        await bench.AcceptAsync(Routed, Sample.Recipient("b@x.route.test"));
        await bench.SettledAsync(2);
        await first.FinishedAsync();
        await bench.StopAsync();
        await second.FinishedAsync();
    }

    [Fact]
    public async Task Pump_AllSlotsOfTheSiteParked_TheNextMessageTakesOne()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Message("b@to.test").Quit());
        await using var bench = new PumpBench(server, limits: new SiteLimits(1, 100));
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(1);
        await bench.ParkedAsync();
        // No clock moves: it must not take the idle time.
        await bench.AcceptAsync("b@to.test");
        await bench.SettledAsync(2);
        bench.Queue.Released.ShouldBe(0);
        await bench.StopAsync();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_SlotParkedForAnotherPool_IsGivenUp()
    {
        await using var server =
            ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit(), Server.Greet().Message("b@to.test").Quit());
        await using var bench = new PumpBench(server, limits: new SiteLimits(1, 100));
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(1);
        await bench.ParkedAsync();
        await bench.AcceptAsync(PumpBench.Lane with { Pool = "other" }, Sample.Recipient("b@to.test"));
        await Patience.Until(() => bench.Queue.Released == 1, "released");
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.SettledAsync(2);
        await bench.ParkedAsync();
        await bench.StopAsync();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_NoRoom_WhoeverWouldParkMakesRoom()
    {
        var busy = Server.Signal();
        var goOn = Server.Signal();
        await using var first = ScriptedServer.Start(Server.Greet().ToContent("a@to.test").OnAnyContent("").Signal(busy).WaitFor(goOn.Task)
            .Send(Server.Ok).Quit());
        await using var second = ScriptedServer.Start(Server.Greet().Message("b@x.route.test").Quit());
        await using var bench = new PumpBench(first, second) { Options = { MaxSessions = 1 } };
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await busy.Task.Soon();
        await bench.AcceptAsync(Routed, Sample.Recipient("b@x.route.test"));
        await Task.Delay(50);
        second.Transcripts.ShouldBeEmpty("there is room for one");
        goOn.SetResult();
        // No clock moves: it must not take the idle time.
        await bench.SettledAsync(2);
        await first.FinishedAsync();
        await bench.StopAsync();
        await second.FinishedAsync();
    }

    [Fact]
    public async Task Pump_ManyLanes_AsManySessionsAsThereMayBe()
    {
        var (one, two) = (Server.Signal(), Server.Signal());
        await using var first = ScriptedServer.Start(Server.Greet().Expect("MAIL FROM:<s@from.test>\r\n").Signal(one).Silence());
        await using var second = ScriptedServer.Start(Server.Greet().Expect("MAIL FROM:<s@from.test>\r\n").Signal(two).Silence());
        await using var bench = new PumpBench(first, second) { Options = { MaxSessions = 2 } };
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync(Routed, Sample.Recipient("b@x.route.test"));
        await Task.WhenAll(one.Task, two.Task).Soon();
        await bench.StopAsync();
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(2);
    }

    [Fact]
    public async Task Pump_MessagesPerConnection_OpensAnother()
    {
        await using var server =
            ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit(), Server.Greet().Message("b@to.test").Quit());
        await using var bench = new PumpBench(server, limits: new SiteLimits(Connections: 1, MessagesPerConnection: 1));
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync("b@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(2);
        await Patience.Until(() => bench.Queue.Released == 2, "both released");
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_OneMessagePerConnectionIsTheServersWay_AllArriveWithoutAnAttemptLost()
    {
        // OUT-17
        await using var server = ScriptedServer.Start([.. Enumerable.Range(0, 3).Select(_ => Server.Greet().Message("a@to.test").Close())]);
        await using var bench = new PumpBench(server, limits: new SiteLimits(Connections: 1)) { Options = { ClaimBatch = 3 } };
        for (var i = 0; i < 3; i++) await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await Patience.Until(() => bench.Queue.Settlements.OfType<Settlement.Done>().Count() == 3, "all delivered");
        bench.Queue.Settlements.OfType<Settlement.Deferred>().ShouldBeEmpty();
        bench.Queue.Pauses.ShouldBeEmpty();
        await bench.StopAsync();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_SiteUnknownAtAcceptance_IsReroutedAndDelivered()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync(new LaneKey("to.test", "to.test", "default"), Sample.Recipient("a@to.test"));
        await bench.StartAsync();
        await bench.SettledAsync(2);
        bench.Queue.Settlements.Select(settlement => settlement.GetType().Name).ShouldBe(["Rerouted", "Done"]);
        await bench.StopAsync();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_SiteChangedForOneDomainOfTwo_NobodysMailGoesToAnothersServer()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("b@two.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test", "b@two.test");
        bench.Dns.Mx("to.test", new MxRecord(10, "new.test"));
        await bench.StartAsync();
        await bench.SettledAsync(3);
        await bench.StopAsync();
        bench.Queue.Settlements.Take(3).Select(settlement => settlement.GetType().Name).ShouldBe(["Deferred", "Rerouted", "Done"]);
        var deferred = (Settlement.Deferred)bench.Queue.Settlements[0];
        (deferred.Remaining.Single().Address.LocalPart, deferred.After, deferred.CountsAttempt).ShouldBe(("a", TimeSpan.Zero, false));
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_Refused_TheSenderIsTold()
    {
        var report = SmtpScript.Greet("client.test").On("MAIL FROM:<>\r\n", Server.Ok).On("RCPT TO:<s@from.test>\r\n", Server.Ok)
            .On("DATA\r\n", "354 go\r\n")
            .OnAnyContent(Server.Ok).Quit();
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test", "554 5.7.1 no\r\n").Quit(), report);
        await using var bench = new PumpBench(server);
        bench.Dns.Address("mx.from.test", "127.0.0.1");
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(2);
        await bench.StopAsync();
        await server.FinishedAsync();
        server.Transcripts[1].ShouldContain("Diagnostic-Code: smtp; 554 5.7.1 no\r\n");
        (await bench.Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
    }

    [Fact]
    public async Task Pump_ReportRefused_NobodyIsTold()
    {
        // No report about a report.
        var report = SmtpScript.Greet("client.test").On("MAIL FROM:<>\r\n", Server.Ok).On("RCPT TO:<s@from.test>\r\n", "550 5.1.1 who?\r\n")
            .Quit();
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test", "554 5.7.1 no\r\n").Quit(), report);
        await using var bench = new PumpBench(server);
        bench.Dns.Address("mx.from.test", "127.0.0.1");
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(2);
        await bench.StopAsync();
        (await bench.Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
        bench.Queue.Enqueued.Count.ShouldBe(2);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_BeatsHadAGapBeforeTheClaimWasAnswered_WhatItGotGoesBack()
    {
        // In the gap another node may have been given what was claimed.
        var answer = Server.Signal();
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        bench.Queue.ClaimGate = answer.Task;
        await bench.StartAsync();
        await Patience.Until(() => bench.Queue.Diary.Contains("claim 1 opening"), "claimed");
        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        await bench.Heartbeat.BeatAsync(CancellationToken.None);
        answer.SetResult();
        await bench.SettledAsync(1);
        await bench.StopAsync();
        bench.Queue.Diary.Take(3).ShouldBe(["claim 1 opening", "release", "claim 1 opening"]);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_NoLease_ClaimsNothingUntilTheNextBeat()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.StartAsync();
        await Patience.Until(() => bench.Queue.Asked > 0, "the pump's own beat is over");
        bench.Clock.Advance(TimeSpan.FromSeconds(8));
        await bench.AcceptAsync("a@to.test");
        await Patience.Until(() => bench.Clock.HasTimerIn(DeliveryPump.Rests[0]), "the pump rests");
        bench.Queue.Diary.ShouldBeEmpty();
        await bench.Heartbeat.BeatAsync(CancellationToken.None);
        await bench.SettledAsync(1);
        await bench.StopAsync();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Pump_ParkedBeforeAGapOfTheBeats_TheMessageTakesAnother()
    {
        await using var server =
            ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit(), Server.Greet().Message("b@to.test").Quit());
        await using var bench = new PumpBench(server) { Options = { IdleTimeout = TimeSpan.FromMinutes(1) } };
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(1);
        await bench.ParkedAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        await bench.Heartbeat.BeatAsync(CancellationToken.None);
        await bench.AcceptAsync("b@to.test");
        await bench.SettledAsync(2);
        await bench.StopAsync();
        await server.FinishedAsync();
        bench.Queue.Settlements.Select(settlement => settlement.GetType().Name).ShouldBe(["Done", "Done"]);
    }

    [Fact]
    public async Task Stop_BeforeAnyBeat_Ends()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        await bench.StartAsync();
        await bench.StopAsync();
        bench.Log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Stop_PastTheDot_WaitsForTheReply()
    {
        var dotted = Server.Signal();
        var goOn = Server.Signal();
        await using var server =
            ScriptedServer.Start(Server.Greet().ToContent("a@to.test").OnAnyContent("").Signal(dotted).WaitFor(goOn.Task).Send(Server.Ok)
            .Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await dotted.Task.Soon();
        var stopping = bench.StopAsync();
        await Task.Delay(50);
        stopping.IsCompleted.ShouldBeFalse();
        goOn.SetResult();
        await stopping;
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Stop_OutOfTime_CutsWhatIsLeft()
    {
        var dotted = Server.Signal();
        await using var server = ScriptedServer.Start(Server.Greet().ToContent("a@to.test").OnAnyContent("").Signal(dotted).Silence());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await dotted.Task.Soon();
        using var outOfTime = new CancellationTokenSource();
        var stopping = bench.Pump().StopAsync(outOfTime.Token);
        await outOfTime.CancelAsync();
        await stopping.Soon();
        bench.Queue.Released.ShouldBe(1);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Stop_SessionsParked_EndsAtOnce()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        await bench.ParkedAsync();
        await bench.StopAsync();
        bench.Queue.Released.ShouldBe(1);
        await server.FinishedAsync();
    }
}
