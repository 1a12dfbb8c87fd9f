using System.Text;
using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Protocol.Tokens;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>Whose reverse-path mail leaves with.</summary>
public class ReturnPathTests
{
    private static readonly ReturnPaths Paths = new(
        "bounce.test", new Dictionary<string, string> { ["tenant"] = "own.test" },
        new TokenKeyRing([TokenKey.Create(1, "0123456789abcdef0123456789abcdef", out _)!]), TimeSpan.FromDays(30));

    [Fact]
    public async Task Pump_WithReturnPaths_NamesMessageAndRecipientInMailFrom()
    {
        await using var server = ScriptedServer.Start(
            Server.Greet().Swallow(60).Send(Server.Ok).On("RCPT TO:<a@to.test>\r\n", Server.Ok).On("DATA\r\n", "354 go\r\n")
                .OnAnyContent(Server.Ok).Quit());
        await using var bench = new PumpBench(server) { ReturnPaths = Paths };
        var delivery = await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        Token(server, bench).ShouldBe(new ReturnToken(
            TokenKind.ReturnPath, delivery.Message.Value, RecipientMark.Of(delivery.Message.Value, "tenant", Sample.Address("a@to.test")),
            new DateOnly(2026, 12, 22)));
    }

    [Fact]
    public async Task Pump_SeveralRecipients_ShareAReturnPathOfTheMessage()
    {
        await using var server = ScriptedServer.Start(
            Server.Greet().Swallow(60).Send(Server.Ok).On("RCPT TO:<a@to.test>\r\n", Server.Ok).On("RCPT TO:<b@to.test>\r\n", Server.Ok)
                .On("DATA\r\n", "354 go\r\n").OnAnyContent(Server.Ok).Quit());
        await using var bench = new PumpBench(server) { ReturnPaths = Paths };
        var delivery = await bench.AcceptAsync("a@to.test", "b@to.test");
        await bench.StartAsync();
        await bench.SettledAsync(1);
        Token(server, bench).Message.ShouldBe(delivery.Message.Value);
        Token(server, bench).Recipient.ShouldBe(RecipientMark.Several);
    }

    [Fact]
    public async Task Pump_RefusedThere_IsReportedToTheSenderItself()
    {
        await using var server = ScriptedServer.Start(
            Server.Greet().Swallow(60).Send(Server.Ok).On("RCPT TO:<a@to.test>\r\n", "550 5.1.1 no\r\n").Quit());
        await using var bench = new PumpBench(server) { ReturnPaths = Paths };
        await bench.AcceptAsync("a@to.test");
        await bench.StartAsync();
        await Patience.Until(() => bench.Queue.Enqueued.Count == 2, "reported");
        var report = bench.Queue.Enqueued[1];
        report.Envelope.ReversePath.ShouldBeNull();
        report.Deliveries.SelectMany(part => part.Recipients).Single().Address.ShouldBe(Sample.Address("s@from.test"));
    }

    [Theory]
    [InlineData(DsnNotify.Success, "FAILURE", true)]
    [InlineData(DsnNotify.Success | DsnNotify.Failure | DsnNotify.Delay, "FAILURE", true)]
    [InlineData(DsnNotify.Delay, "FAILURE", false)]
    [InlineData(DsnNotify.Never, "NEVER", false)]
    public async Task Pump_ServerThatReports_IsAskedForFailuresAndTheSenderIsToldOfSuccess(DsnNotify notify, string asked, bool isTold)
    {
        await using var server = ScriptedServer.Start(
            SmtpScript.Greet(Outbound.Client, "DSN").Swallow(60).Send(Server.Ok).On($"RCPT TO:<a@to.test> NOTIFY={asked}\r\n", Server.Ok)
                .On("DATA\r\n", "354 go\r\n").OnAnyContent(Server.Ok).Quit());
        await using var bench = new PumpBench(server) { ReturnPaths = Paths };
        await bench.AcceptAsync(PumpBench.Lane, Sample.Recipient("a@to.test", notify));
        await bench.StartAsync();
        await bench.SettledAsync(1);

        var reports = bench.Queue.Enqueued.Skip(1).Select(mail => Encoding.ASCII.GetString(mail.Content.ToArray())).ToList();
        reports.Count.ShouldBe(isTold ? 1 : 0);
        reports.ShouldAllBe(report => report.Contains("Action: relayed", StringComparison.Ordinal));
    }

    private static ReturnToken Token(ScriptedServer server, PumpBench bench)
    {
        var line = server.Transcripts[0].Split("MAIL FROM:<")[1];
        Mailbox.TryParse(line[..line.IndexOf('>')], out var address).ShouldBeTrue(line);
        address!.Domain.ShouldBe("own.test");
        Paths.Read(address, bench.Clock.GetUtcNow(), out var token).ShouldBe(TokenProblem.None);
        return token;
    }
}
