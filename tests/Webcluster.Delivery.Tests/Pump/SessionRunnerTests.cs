using Shouldly;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Protocol.Dns;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Routing;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

public class SessionRunnerTests
{
    private static readonly ProviderBook TwoRecipients = new(ProviderSetup.Empty with
    {
        Providers = [new ProviderOptions { Name = "default", RecipientsPerTransaction = 2 }],
        Defaults = new ProviderDefaults(Tls: TlsPolicy.None),
    });

    [Fact]
    public async Task Run_Delivered_SettlesAsksForMoreParksAndQuits()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await FinishAsync(bench);
        bench.Queue.Diary.ShouldBe(["claim 1 opening", "settling", "settled Done", "release"]);
        bench.Queue.Settlements[0].ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        await server.FinishedAsync();
        bench.Log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Run_MoreMail_GoesOverTheSameConnection()
    {
        await using var server =
            ScriptedServer.Start(Server.Greet().Message("a@to.test").Message("b@to.test").Message("c@two.test").Quit());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 2 } };
        foreach (var recipient in new[] { "a@to.test", "b@to.test", "c@two.test" }) await bench.AcceptAsync(recipient);
        await FinishAsync(bench);
        bench.Queue.Diary.ShouldContain("claim 2 opening");
        bench.Queue.Diary.ShouldContain("claim 1 extending");
        bench.Queue.Settlements.Count.ShouldBe(3);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_MoreRecipientsThanOneTransactionMayHave_GoesOnOverTheSameConnectionAtOnce()
    {
        await using var server = ScriptedServer.Start(
            Server.Greet().On("MAIL FROM:<s@from.test>\r\n", Server.Ok).On("RCPT TO:<a@to.test>\r\n", Server.Ok)
                .On("RCPT TO:<b@to.test>\r\n", Server.Ok).On("DATA\r\n", "354 go\r\n").OnAnyContent(Server.Ok)
                .Message("c@to.test").Quit());
        await using var bench = new PumpBench(server) { Book = TwoRecipients };
        await bench.AcceptAsync("a@to.test", "b@to.test", "c@to.test");
        await FinishAsync(bench);
        var rest = bench.Queue.Settlements[0].ShouldBeOfType<Settlement.Deferred>();
        rest.Remaining.Single().Address.ToString().ShouldBe("c@to.test");
        (rest.After, rest.CountsAttempt).ShouldBe((TimeSpan.Zero, false));
        bench.Queue.Settlements[1].ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Route_ProviderThatTakesFewRecipients_SaysSo()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server) { Book = TwoRecipients };
        var route = await bench.Lanes().RouteAsync(Sample.Address("a@to.test"), MailOrigin.Report(""), CancellationToken.None);
        route.ShouldBe(new RouteResult.To(PumpBench.Lane) { MostRecipients = 2 });
    }

    [Fact]
    public async Task Run_MailOfANodeThatDied_IsShownAsAPossibleDuplicate()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        var dead = new NodeId("dead");
        await bench.Queue.ClaimAsync(new ClaimRequest(dead, PumpBench.Lane, null, 1, 1), CancellationToken.None);
        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        await bench.Queue.ReapAsync(dead, CancellationToken.None);
        await FinishAsync(bench);
        bench.Log.Entries.Count(entry => entry.Id == 3018 && entry.Text.Contains("<a@to.test>", StringComparison.Ordinal)).ShouldBe(1);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_NextDot_WaitsUntilTheLastOutcomeIsDurable()
    {
        var (first, second) = (Server.Signal(), Server.Signal());
        await using var server = ScriptedServer.Start(
            Server.Greet().Message("a@to.test").Signal(first).ToContent("b@to.test").Signal(second).OnAnyContent(Server.Ok).Quit());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 2 } };
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync("b@to.test");
        var durable = Server.Signal();
        bench.Queue.SettleGate = durable.Task;
        var (_, running) = await bench.RunAsync();
        await second.Task.Soon();
        // The second message has its 354, and only the store is missing.
        await Task.Delay(50);
        server.Transcripts[0].Split("\r\n.\r\n").Length.ShouldBe(2, "one final dot");
        bench.Queue.Settlements.ShouldBeEmpty();
        durable.SetResult();
        await bench.Clock.AdvanceUntilAsync(running, TimeSpan.FromSeconds(1));
        bench.Queue.Settlements.Count.ShouldBe(2);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_ClosesAfter250_IsDeliveredAndTheRestGoesBack()
    {
        // OUT-17, OUT-03
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Close());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 3 } };
        foreach (var recipient in new[] { "a@to.test", "b@to.test", "c@to.test" }) await bench.AcceptAsync(recipient);
        await FinishAsync(bench);
        bench.Queue.Settlements.Select(settlement => settlement.GetType().Name).ShouldBe(["Done", "Returned"]);
        bench.Queue.Pauses.ShouldBeEmpty("a connection that was of use is no trouble of the site");
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(2);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_ClosesAfterARefusal_TheNextGoesBackAtOnce()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test", "554 5.7.1 spam, go away\r\n").Close());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 2 } };
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync("b@to.test");
        await FinishAsync(bench);
        bench.Queue.Settlements.Select(settlement => settlement.GetType().Name).ShouldBe(["Done", "Returned"]);
        bench.Queue.Pauses.ShouldBeEmpty();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_NobodyAnswers_PausesTheLaneAndGivesTheRestBack()
    {
        var server = ScriptedServer.Start();
        await server.DisposeAsync();
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 3 } };
        for (var i = 0; i < 3; i++) await bench.AcceptAsync($"{i}@to.test");
        await FinishAsync(bench);
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Deferred>().CountsAttempt.ShouldBeFalse();
        bench.Queue.Pauses.ShouldBe([(PumpBench.Lane, TimeSpan.FromSeconds(30))]);
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(2);
    }

    [Theory]
    [InlineData("421 4.3.2 busy\r\n", false)]
    [InlineData("451 4.3.2 later\r\n", true)]
    public async Task Run_AfterTheDot_421IsTheSites451TheMessages(string reply, bool counts)
    {
        var script = Server.Greet().Message("a@to.test", reply);
        await using var server = ScriptedServer.Start(counts ? script.Quit() : script.ExpectEnd());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await FinishAsync(bench);
        var deferred = bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Deferred>();
        (deferred.CountsAttempt, deferred.After).ShouldBe((counts, TimeSpan.FromMinutes(5)));
        deferred.Remaining[0].LastReply!.ShouldStartWith(reply.TrimEnd());
        bench.Queue.Pauses.Count.ShouldBe(counts ? 0 : 1);
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_NoReplyAfterTheDot_IsTriedLaterAndMarked()
    {
        // OUT-02
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test", "").Close());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await FinishAsync(bench);
        var deferred = bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Deferred>();
        (deferred.CountsAttempt, deferred.After).ShouldBe((true, TimeSpan.FromMinutes(5)));
        bench.Log.Entries.ShouldContain(entry => entry.Id == 3013 && entry.Text.Contains("message may be sent more than once"));
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_MixedRecipients_EachGetsItsOwn()
    {
        // OUT-11
        var script = Server.Greet().On("MAIL FROM:<s@from.test>\r\n", Server.Ok)
            .On("RCPT TO:<a@to.test>\r\n", Server.Ok).On("RCPT TO:<b@to.test>\r\n", "450 4.2.0 grey\r\n")
            .On("RCPT TO:<c@to.test>\r\n", "550 5.1.1 who?\r\n")
            .On("RCPT TO:<d@to.test>\r\n", "552 too many recipients\r\n").On("DATA\r\n", "354 go\r\n").OnAnyContent(Server.Ok)
            .On("MAIL FROM:<s@from.test>\r\n", Server.Ok).On("RCPT TO:<d@to.test>\r\n", Server.Ok)
            .On("RCPT TO:<b@to.test>\r\n", "450 4.2.0 still grey\r\n").On("DATA\r\n", "354 go\r\n").OnAnyContent(Server.Ok).Quit();
        await using var server = ScriptedServer.Start(script);
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test", "b@to.test", "c@to.test", "d@to.test");
        await FinishAsync(bench);
        var deferred = bench.Queue.Settlements.Cast<Settlement.Deferred>().ToList();
        deferred.Select(each => (each.After, each.CountsAttempt)).ShouldBe([(TimeSpan.Zero, false), (TimeSpan.FromMinutes(5), true)]);
        deferred[0].Remaining.Select(recipient => (recipient.Address.LocalPart, recipient.LastReply))
            .ShouldBe([("d", "552 too many recipients"), ("b", "450 4.2.0 grey")]);
        bench.Queue.Enqueued.Count.ShouldBe(2, "the message, and the report about c");
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_Expired_FailsEachWithItsOwnLastReplyWithoutConnecting()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync(
            PumpBench.Lane, Sample.Recipient("a@to.test") with { LastReply = "450 grey" },
            Sample.Recipient("b@to.test") with { LastReply = "452 full" },
            Sample.Recipient("c@to.test"));
        bench.Clock.Advance(TimeSpan.FromDays(5));
        await FinishAsync(bench);
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Done>().Sent.ShouldBeFalse();
        var report = System.Text.Encoding.ASCII.GetString(bench.Queue.Enqueued[^1].Content.ToArray());
        foreach (var text in new[] { "last: 450 grey", "last: 452 full", "Status: 5.4.7" }) report.ShouldContain(text);
        bench.Queue.Enqueued[^1].Envelope.ReversePath.ShouldBeNull();
        server.Transcripts.ShouldBeEmpty();
        server.Surplus.ShouldBe(0);
    }

    [Fact]
    public async Task Run_OneTickBeforeExpiry_IsTriedOnceMore()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        bench.Clock.Advance(TimeSpan.FromDays(5) - TimeSpan.FromTicks(1));
        await FinishAsync(bench);
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_SiteChanged_IsRerouted()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        bench.Dns.Mx("to.test", new MxRecord(10, "new.test"));
        await bench.AcceptAsync("a@to.test");
        await FinishAsync(bench);
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Rerouted>()
            .To.ShouldBe(new LaneKey("new.test", "new.test", "default"));
    }

    [Fact]
    public async Task Run_DomainGone_FailsWithoutConnecting()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        bench.Dns.Mx("to.test", new MxRecord(0, "."));
        await bench.AcceptAsync("a@to.test");
        await FinishAsync(bench);
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Done>().Sent.ShouldBeFalse();
        System.Text.Encoding.ASCII.GetString(bench.Queue.Enqueued[^1].Content.ToArray()).ShouldContain("Status: 5.1.10");
    }

    [Fact]
    public async Task Run_NoHostHasAnAddress_FailsAllWithoutPausing()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 3 } };
        bench.Dns.Address("mx.test", "10.0.0.1");
        for (var i = 0; i < 3; i++) await bench.AcceptAsync($"{i}@to.test");
        await FinishAsync(bench);
        bench.Queue.Settlements.Select(settlement => settlement.GetType().Name).ShouldBe(["Done", "Done", "Done"]);
        bench.Queue.Pauses.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_TooLargeForTheServer_FailsAndTheConnectionGoesOn()
    {
        // OUT-13
        var script = SmtpScript.Greet("client.test", "SIZE 20").Quit();
        await using var server = ScriptedServer.Start(script);
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        await FinishAsync(bench);
        System.Text.Encoding.ASCII.GetString(bench.Queue.Enqueued[^1].Content.ToArray()).ShouldContain("Status: 5.3.4");
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_ReportCannotBeStored_IsNotFinal()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test", "554 5.7.1 no\r\n").Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        bench.Queue.Refusal = Webcluster.Queue.EnqueueResult.Full;
        await FinishAsync(bench);
        var deferred = bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Deferred>();
        deferred.Remaining[0].LastReply.ShouldBe("554 5.7.1 no");
        bench.Log.Entries.Select(entry => entry.Id).ShouldContain(3012, "it waits");
        bench.Log.Entries.Select(entry => entry.Id).ShouldNotContain(3011, "it has not bounced yet");
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_ContentCannotBeRead_IsPutOffAndTheNextGoes()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("b@to.test").Quit());
        await using var bench = new PumpBench(server) { Options = { ClaimBatch = 2 }, MostInline = 0 };
        bench.Queue.Unreadable = (await bench.AcceptAsync("a@to.test")).Message;
        await bench.AcceptAsync("b@to.test");
        await FinishAsync(bench);
        var deferred = bench.Queue.Settlements[0].ShouldBeOfType<Settlement.Deferred>();
        (deferred.CountsAttempt, deferred.After).ShouldBe((false, TimeSpan.FromMinutes(5)));
        bench.Queue.Settlements[1].ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        bench.Queue.Pauses.ShouldBeEmpty();
        bench.Log.ShouldBeQuiet();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Run_ReportsOriginalCannotBeRead_IsReportedWithoutAndWhoHasTheMailIsSettled()
    {
        PumpBench? bench = null;
        DeliveryId id = default;
        var script = Server.Greet().On("MAIL FROM:<s@from.test>\r\n", Server.Ok)
            .On("RCPT TO:<a@to.test>\r\n", Server.Ok).On("RCPT TO:<b@to.test>\r\n", "550 5.1.1 who?\r\n").On("DATA\r\n", "354 go\r\n")
            .OnAnyContent("").Do(() =>
            {
                bench!.Queue.Unreadable = id.Message;
                return Task.CompletedTask;
            }).Send(Server.Ok).Quit();
        await using var server = ScriptedServer.Start(script);
        await using var made = bench = new PumpBench(server) { MostInline = 0 };
        id = await bench.AcceptAsync("a@to.test", "b@to.test");
        await FinishAsync(bench);
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        System.Text.Encoding.ASCII.GetString(bench.Queue.Enqueued[^1].Content.ToArray()).ShouldContain("Status: 5.1.1");
        await server.FinishedAsync();
    }

    private static async Task FinishAsync(PumpBench bench)
    {
        var (_, running) = await bench.RunAsync();
        // Only the parked session's time-out is missing.
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running,
                Patience.Until(() => bench.Clock.HasTimerIn(bench.Options.IdleTimeout) || running.IsCompleted, "parked"));
            if (!running.IsCompleted) bench.Clock.Advance(bench.Options.IdleTimeout);
        }

        await running;
    }
}
