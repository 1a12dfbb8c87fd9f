using Shouldly;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>Mail whose server said never and meant not now.</summary>
public class RetriedByClassTests
{
    private const string NotNow = "550 5.7.1 You are greylisted, please try again later\r\n";

    [Fact]
    public async Task Pump_GreylistedForGood_IsTriedAgainAndDelivered()
    {
        await using var server = ScriptedServer.Start(
            Server.Greet().Message("a@to.test", NotNow).Quit(), Server.Greet().Message("a@to.test").Quit());
        await using var bench = new PumpBench(server);
        var delivery = await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        var deferred = bench.Queue.Settlements[0].ShouldBeOfType<Settlement.Deferred>();
        (deferred.CountsAttempt, deferred.After).ShouldBe((true, TimeSpan.FromMinutes(5)));
        deferred.Remaining.ShouldHaveSingleItem().LastReply.ShouldBe(NotNow.Trim());

        await bench.AdvanceAsync(TimeSpan.FromMinutes(6));

        await Patience.Until(() => bench.Queue.Settlements.Contains(new Settlement.Done(delivery, Sent: true)), "delivered");
    }

    [Fact]
    public async Task Pump_RetriesByClassOff_FailsAtOnce()
    {
        await using var server = ScriptedServer.Start(Server.Greet().Message("a@to.test", NotNow).Quit());
        await using var bench = new PumpBench(server);
        bench.Options.Retry.ByClass = TimeSpan.Zero;
        var delivery = await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await Patience.Until(() => bench.Queue.Settlements.Contains(new Settlement.Done(delivery, Sent: false)), "failed");
    }
}
