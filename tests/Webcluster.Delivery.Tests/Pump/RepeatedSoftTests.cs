using Shouldly;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Suppression;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>Mail to an address that fails each time, carried by the real pump.</summary>
public class RepeatedSoftTests
{
    [Fact]
    public async Task Pump_FullMailboxTwice_IsOnTheListOfTheTenant()
    {
        const string Full = "552 5.2.2 Mailbox full\r\n";
        await using var server = ScriptedServer.Start(
            Server.Greet().Message("a@to.test", Full).Message("a@to.test", Full).Quit());
        await using var bench = new PumpBench(server);
        bench.Suppression.RepeatedSoft.Count = 2;
        var first = await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await FailedAsync(first);
        bench.Suppressed.Entries.ShouldBeEmpty();

        await FailedAsync(await bench.AcceptAsync("a@to.test"));

        bench.Suppressed.Entries.ShouldHaveSingleItem().Reason.ShouldBe(SuppressionReason.RepeatedSoft);

        Task FailedAsync(DeliveryId delivery) =>
            Patience.Until(() => bench.Queue.Settlements.Contains(new Settlement.Done(delivery, Sent: false)), "it failed");
    }

    [Fact]
    public async Task Pump_UnknownForNowUntilItExpires_Counts()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var delivery = await bench.AcceptAsync(PumpBench.Lane, Sample.Recipient("a@to.test") with { LastReply = "450 4.1.1 User unknown" });
        bench.Clock.Advance(TimeSpan.FromDays(5));

        var (_, running) = await bench.RunAsync();
        await running.Soon();

        bench.Queue.Settlements.ShouldContain(new Settlement.Done(delivery, Sent: false));
        bench.SoftFailures.CountOf("a@to.test", "tenant").ShouldBe(1);
    }
}
