using System.Net;
using Shouldly;
using Webcluster.Delivery.Availability;
using Webcluster.Delivery.Pools;
using Webcluster.Delivery.Sources;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>What becomes of mail when a source fails: nothing, but that it leaves from another one.</summary>
public sealed class SourceTroubleTests
{
    // Nobody has it here.
    private static readonly Source Away = new("away", IPAddress.Parse("192.0.2.77"), null, "away.test");
    private static readonly Source Other = new("other", null, IPAddress.IPv6Loopback, "other.test");
    private static readonly Source Here = new("here", IPAddress.Parse("127.0.0.5"), null, "here.test");

    [Fact]
    public async Task Source_CannotBeBound_NextOneCarriesOnAtOnce()
    {
        await using var server = ScriptedServer.Start(Serve("here.test"));
        await using var bench = new PumpBench(server, plan: EgressPlan.Of(Away, Here));
        var id = await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        server.Sources[0].Address.ShouldBe(Here.Address);
        bench.Queue.Settlements.ShouldHaveSingleItem();
        (await bench.Queue.FindAsync(id.Message, CancellationToken.None)).ShouldBeEmpty();
        bench.Sources.TroubleOf(Away)!.Value.Reason.ShouldStartWith("192.0.2.77: ");
        bench.Log.Entries.Count(entry => entry.Id == 3016).ShouldBe(0, "the site was not asked, so it is not left alone");
        bench.Log.ShouldBeQuiet(3031);
    }

    [Fact]
    public async Task Source_OfTheOtherFamily_NextOneCarriesOnAtOnce_SiteIsNotPaused()
    {
        await using var server = ScriptedServer.Start(Serve("here.test"));
        await using var bench = new PumpBench(server, plan: EgressPlan.Of(Other, Here));
        var id = await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        server.Sources[0].Address.ShouldBe(Here.Address);
        (await bench.Queue.FindAsync(id.Message, CancellationToken.None)).ShouldBeEmpty();
        bench.Queue.Pauses.ShouldBeEmpty();
        bench.Sources.TroubleOf(Other).ShouldBeNull("others reach it from there");
        bench.Queue.Diary.Count(entry => entry == "claim 1 opening").ShouldBe(2);
        bench.Log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Source_OfTheOtherFamilyAndThereIsNone_SiteIsLeftAlone()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server, plan: EgressPlan.Of(Other));
        await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        var deferred = bench.Queue.Settlements[0].ShouldBeOfType<Webcluster.Queue.Settling.Settlement.Deferred>();
        (deferred.After, deferred.CountsAttempt).ShouldBe((TimeSpan.FromMinutes(5), false));
        bench.Queue.Pauses.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sources_AllAway_MailWaitsUntouchedUntilOneIsThere()
    {
        await using var server = ScriptedServer.Start(Serve("here.test"));
        await using var bench = new PumpBench(server, plan: EgressPlan.Of(Here));
        bench.Sources.LeaveOut(Here, "test");
        var id = await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        for (var rounds = 0; rounds < 5; rounds++) await bench.AdvanceAsync(TimeSpan.FromSeconds(2));
        bench.Queue.Settlements.ShouldBeEmpty();
        (await bench.Queue.FindAsync(id.Message, CancellationToken.None)).ShouldHaveSingleItem().Attempts.ShouldBe(0);
        await bench.AdvanceAsync(SourceBook.Rest);
        bench.Sources.Probed(Here, null);
        var settled = bench.SettledAsync(1);
        await bench.Clock.AdvanceUntilAsync(settled, TimeSpan.FromMilliseconds(100));
        await settled;
        server.Sources[0].Address.ShouldBe(Here.Address);
    }

    [Fact]
    public async Task Pool_WithoutSource_QueueIsNotAskedAgain_OthersGoOn_UntilItIsBack()
    {
        await using var server = ScriptedServer.Start(Serve("here.test"), Serve("bulk.test"));
        var options = new EgressOptions(
            [new() { Name = "here", Address = "127.0.0.5", Ehlo = "here.test" }, new() { Name = "bulk", Address = "127.0.0.6", Ehlo = "bulk.test" }],
            [new() { Name = "default", Sources = [new() { Name = "here" }] }, new() { Name = "bulk", Sources = [new() { Name = "bulk" }] }], []);
        await using var bench = new PumpBench(server, plan: EgressPlan.Of(options, "we.test", _ => ""));
        var away = bench.Sources.Find("bulk")!;
        bench.Sources.LeaveOut(away, "test");
        for (var site = 0; site < 100; site++)
            await bench.AcceptAsync(new("two.test", $"mx{site}.two.test", "bulk"), Transfer.Sample.Recipient("a@to.test"));
        await bench.AcceptAsync(PumpBench.Lane with { Pool = "bulk" }, Transfer.Sample.Recipient("a@to.test"));
        await bench.StartAsync();
        for (var rounds = 0; rounds < 300; rounds++)
        {
            await bench.AdvanceAsync(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        bench.Queue.Asked.ShouldBeLessThanOrEqualTo(3, "in half a minute");
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(1);
        server.Sources[0].Address.ShouldBe(IPAddress.Parse("127.0.0.5"));
        await bench.AdvanceAsync(SourceBook.Rest);
        bench.Sources.Probed(away, null);
        var opened = Patience.Until(() => server.Sources.Count == 2, "the pool's mail goes on");
        await bench.Clock.AdvanceUntilAsync(opened, TimeSpan.FromMilliseconds(100));
        await opened;
        server.Sources[1].Address.ShouldBe(IPAddress.Parse("127.0.0.6"));
    }

    [Fact]
    public async Task Pool_OfALane_DecidesTheSource()
    {
        await using var server = ScriptedServer.Start(Serve("bulk.test"));
        var options = new EgressOptions(
            [new() { Name = "here", Address = "127.0.0.5" }, new() { Name = "bulk", Address = "127.0.0.6", Ehlo = "bulk.test" }],
            [new() { Name = "default", Sources = [new() { Name = "here" }] }, new() { Name = "bulk", Sources = [new() { Name = "bulk" }] }], []);
        await using var bench = new PumpBench(server, plan: EgressPlan.Of(options, "we.test", _ => ""));
        await bench.AcceptAsync(PumpBench.Lane with { Pool = "bulk" }, Transfer.Sample.Recipient("a@to.test"));
        await bench.StartAsync();
        await bench.SettledAsync(1);
        server.Sources[0].Address.ShouldBe(IPAddress.Parse("127.0.0.6"));
    }

    private static SmtpScript Serve(string client) => SmtpScript.Greet(client).Message("a@to.test").Silence();
}
