using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>Servers that take fewer recipients in a transaction than a message has.</summary>
public sealed class FewRecipientsTests
{
    private static readonly string[] Everybody = [.. Enumerable.Range(1, 60).Select(i => $"r{i:D2}@to.test")];

    private static readonly SiteLimits OneConnection = new() { Connections = 1 };

    [Theory]
    [InlineData("550 Too many recipient attempts\r\n")]
    [InlineData("421 4.5.3 Too many recipients\r\n")]
    public async Task Run_ServerHangsUpAtThe41stRecipient_EverybodyGetsItAndNobodyBounces(string reply)
    {
        await using var server = ScriptedServer.Start(
            Named(Server.Greet(), Everybody[..40]).On($"RCPT TO:<{Everybody[40]}>\r\n", reply).Close(),
            Taken(Taken(Server.Greet(), Everybody[..40]), Everybody[40..]).Quit());
        await using var bench = new PumpBench(server, limits: OneConnection);
        var id = await bench.AcceptAsync(Everybody);
        await bench.StartAsync();
        await bench.SettledAsync(3);
        bench.Queue.Settlements.Select(settlement => settlement.GetType().Name).ShouldBe(["Returned", "Deferred", "Done"]);
        bench.Queue.Settlements[1].ShouldBeOfType<Settlement.Deferred>().After.ShouldBe(TimeSpan.Zero);
        bench.Queue.Enqueued.Count.ShouldBe(1, "the message, and no report");
        bench.Queue.Pauses.ShouldBeEmpty();
        (await bench.Queue.FindAsync(id.Message, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ServerAnswersDataWith421TooManyRecipients_IsNotCalledAgainAtOnceWithOne()
    {
        const string TooMany = "421 4.5.3 Too many recipients this hour\r\n";
        await using var server = ScriptedServer.Start(
            Named(Server.Greet(), "a@to.test", "b@to.test").On("DATA\r\n", TooMany).Close(),
            Named(Server.Greet(), "a@to.test").On("DATA\r\n", TooMany).Close());
        await using var bench = new PumpBench(server, limits: OneConnection);
        await bench.AcceptAsync("a@to.test", "b@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(2);
        bench.Queue.Settlements[0].ShouldBeOfType<Settlement.Returned>();
        bench.Queue.Settlements[1].ShouldBeOfType<Settlement.Deferred>().After.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Run_ServerHangsUpWithoutAWord_TheNextTransactionHasAsManyAsItTook()
    {
        await using var server = ScriptedServer.Start(
            Named(Server.Greet(), "a@to.test", "b@to.test").Expect("RCPT TO:<c@to.test>\r\n").Close(),
            Taken(Taken(Server.Greet(), "a@to.test", "b@to.test"), "c@to.test").Quit());
        await using var bench = new PumpBench(server, limits: OneConnection);
        await bench.AcceptAsync("a@to.test", "b@to.test", "c@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        var deferred = bench.Queue.Settlements[0].ShouldBeOfType<Settlement.Deferred>();
        (deferred.After, deferred.CountsAttempt).ShouldBe((TimeSpan.FromMinutes(5), false));
        var settled = bench.SettledAsync(3);
        for (var minutes = 0; minutes < 6; minutes++) await bench.AdvanceAsync(TimeSpan.FromMinutes(1));
        await settled;
        bench.Queue.Settlements[2].ShouldBeOfType<Settlement.Done>().Sent.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_ServerTakesSomeAndGreylistsOne_TheOthersDoNotWait()
    {
        var script = Named(Server.Greet(), "a@to.test")
            .On("RCPT TO:<b@to.test>\r\n", "451 4.7.1 greylisted\r\n").On("RCPT TO:<c@to.test>\r\n", "452 4.5.3 too many\r\n")
            .On("DATA\r\n", "354 go\r\n").OnAnyContent(Server.Ok)
            .On("MAIL FROM:<s@from.test>\r\n", Server.Ok).On("RCPT TO:<c@to.test>\r\n", Server.Ok)
            .On("RCPT TO:<b@to.test>\r\n", "451 4.7.1 greylisted\r\n").On("DATA\r\n", "354 go\r\n").OnAnyContent(Server.Ok).Quit();
        await using var server = ScriptedServer.Start(script);
        await using var bench = new PumpBench(server, limits: OneConnection);
        await bench.AcceptAsync("a@to.test", "b@to.test", "c@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(2);
        bench.Queue.Settlements.Cast<Settlement.Deferred>()
            .Select(deferred => (Names(deferred), deferred.After, deferred.CountsAttempt))
            .ShouldBe([("cb", TimeSpan.Zero, false), ("b", TimeSpan.FromMinutes(5), true)]);

        static string Names(Settlement.Deferred deferred) => string.Concat(deferred.Remaining.Select(left => left.Address.LocalPart));
    }

    private static SmtpScript Named(SmtpScript script, params string[] recipients) => recipients.Aggregate(
        script.On("MAIL FROM:<s@from.test>\r\n", Server.Ok), (so, recipient) => so.On($"RCPT TO:<{recipient}>\r\n", Server.Ok));

    private static SmtpScript Taken(SmtpScript script, params string[] recipients) =>
        Named(script, recipients).On("DATA\r\n", "354 go\r\n").OnAnyContent(Server.Ok);
}
