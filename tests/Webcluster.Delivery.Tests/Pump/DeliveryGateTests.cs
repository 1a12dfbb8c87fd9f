using Shouldly;
using Webcluster.Delivery.Pump;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>A node taken out of service and back, while its pump runs.</summary>
public class DeliveryGateTests
{
    [Fact]
    public async Task Close_ParkedSession_GoesAndMailWaitsUntilOpened()
    {
        await using var server =
            ScriptedServer.Start(Server.Greet().Message("a@to.test").Quit(), Server.Greet().Message("b@to.test").Quit());
        await using var bench = new PumpBench(server);
        await bench.StartAsync();
        await bench.AcceptAsync("a@to.test");
        await bench.SettledAsync(1);
        await bench.ParkedAsync();
        bench.Gate.Sessions.ShouldBe(1);

        bench.Gate.Close();
        await Patience.Until(() => bench.Gate.Sessions == 0, "no session is left");
        bench.Queue.Released.ShouldBe(1);
        await bench.AcceptAsync("b@to.test");
        await Task.Delay(20);
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);

        bench.Gate.Open();
        await bench.SettledAsync(2);
        await bench.StopAsync();
        await server.FinishedAsync();
        bench.Log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Close_AfterTheDot_FinishesThisOneAndGivesTheRestBack()
    {
        var dotted = Server.Signal();
        var goOn = Server.Signal();
        await using var server =
            ScriptedServer.Start(Server.Greet().ToContent("a@to.test").OnAnyContent("").Signal(dotted).WaitFor(goOn.Task).Send(Server.Ok).Quit());
        await using var bench = new PumpBench(server, limits: new(Connections: 1, MessagesPerConnection: 10)) { Options = { ClaimBatch = 2 } };
        await bench.AcceptAsync("a@to.test");
        await bench.AcceptAsync("b@to.test");
        await bench.StartAsync();
        await dotted.Task.Soon();

        bench.Gate.Close();
        goOn.SetResult();
        await Patience.Until(() => bench.Gate.Sessions == 0, "no session is left");
        bench.Queue.Settlements.ShouldHaveSingleItem().ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
        await bench.StopAsync();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Close_BeforeTheStart_NothingIsClaimed()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        bench.Gate.Close();
        await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await Task.Delay(20);
        bench.Gate.IsOpen.ShouldBeFalse();
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
        await bench.StopAsync();
    }

    [Fact]
    public void Gate_ClosedAndOpenedAgainAndAgain_IsAsLastTold()
    {
        using var gate = new DeliveryGate();
        gate.IsOpen.ShouldBeFalse("nobody has said that the node is ready");
        gate.Open();
        gate.IsOpen.ShouldBeTrue();
        gate.Close();
        gate.Close();
        gate.IsOpen.ShouldBeFalse();
        gate.Open();
        gate.Open();
        gate.IsOpen.ShouldBeTrue();
    }
}
