using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Transfer;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Transfer;

public class SmtpClientSessionTests
{
    private const string Ok = "250 2.0.0 ok\r\n";
    private const string Go = "354 go\r\n";

    [Fact]
    public async Task Transfer_Stepwise_SendsOneCommandAtATime()
    {
        var script = SmtpScript.Greet(Outbound.Client)
            .On("MAIL FROM:<s@from.test>\r\n", Ok).On("RCPT TO:<a@to.test>\r\n", Ok).On("RCPT TO:<b@to.test>\r\n", Ok).On("DATA\r\n", Go)
            .OnContent("Subject: t\r\n\r\nhello\r\n", "250 2.0.0 queued as 1\r\n").Quit();
        var result = await Attempt.RunAsync(script, Sample.Message("a@to.test", "b@to.test"));
        Attempt.Tell(result).ShouldBe("250@FinalDot 250@FinalDot | dot");
        result.Replies[0]!.ToString().ShouldBe("250 2.0.0 queued as 1");
    }

    [Fact]
    public async Task Transfer_Pipelined_SendsTheGroupAtOnce()
    {
        var script = SmtpScript.Greet(Outbound.Client, "PIPELINING")
            .Expect("MAIL FROM:<s@from.test>\r\nRCPT TO:<a@to.test>\r\nRCPT TO:<b@to.test>\r\nDATA\r\n").Send(Ok + Ok + Ok + Go)
            .OnContent("Subject: t\r\n\r\nhello\r\n", Ok).Quit();
        Attempt.Tell(await Attempt.RunAsync(script, Sample.Message("a@to.test", "b@to.test"))).ShouldBe("250@FinalDot 250@FinalDot | dot");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Transfer_RepliesInSegments_ReadsThemAlike(int octets)
    {
        var script = SmtpScript.Greet(Outbound.Client, "PIPELINING").InSegmentsOf(octets)
            .Expect("MAIL FROM:<s@from.test>\r\nRCPT TO:<a@to.test>\r\nRCPT TO:<b@to.test>\r\nDATA\r\n")
            .Send("250 ok\r\n250-one\r\n250 two\r\n550 5.1.1 no\r\n354 go\r\n")
            .OnAnyContent(Ok).Quit();
        Attempt.Tell(await Attempt.RunAsync(script, Sample.Message("a@to.test", "b@to.test"))).ShouldBe("250@FinalDot 550@Rcpt | dot");
    }

    [Theory]
    [InlineData("", ".\r\n")]
    [InlineData("no line end", "no line end\r\n")]
    [InlineData(".\r\n", "..\r\n")]
    [InlineData(".dot\r\n..\r\nx.\r\n", "..dot\r\n...\r\nx.\r\n")]
    public async Task Transfer_Content_IsDotStuffedAndEnded(string body, string onTheWire)
    {
        var script = Opening(SmtpScript.Greet(Outbound.Client)).Expect(body.Length == 0 ? onTheWire : onTheWire + ".\r\n").Send(Ok).Quit();
        await Attempt.RunAsync(script, Sample.Message("a@to.test") with { Content = Sample.Content(body) });
    }

    [Fact]
    public async Task Transfer_PrefixAndBody_AreOneContent()
    {
        // A line that begins at the seam is stuffed, one that goes on over it is not.
        var content = new MessageContent("A: 1\r\nB: "u8.ToArray(), ".x\r\n.y"u8.ToArray());
        var script = Opening(SmtpScript.Greet(Outbound.Client)).OnContent("A: 1\r\nB: .x\r\n..y\r\n", Ok).Quit();
        await Attempt.RunAsync(script, Sample.Message("a@to.test") with { Content = content });
        var seam = new MessageContent("A: 1\r\n"u8.ToArray(), ".x\r\n"u8.ToArray());
        await Attempt.RunAsync(
            Opening(SmtpScript.Greet(Outbound.Client)).OnContent("A: 1\r\n..x\r\n", Ok).Quit(),
                Sample.Message("a@to.test") with { Content = seam });
    }

    [Fact]
    public async Task Transfer_LargeContent_ArrivesWhole()
    {
        var body = string.Concat(Enumerable.Range(0, 40_000).Select(i => $".line {i}\r\n"));
        var script = Opening(SmtpScript.Greet(Outbound.Client))
            .OnContent(body.Replace("\r\n.", "\r\n..", StringComparison.Ordinal).Insert(0, "."), Ok).Quit();
        Attempt.Tell(await Attempt.RunAsync(script, Sample.Message("a@to.test") with { Content = Sample.Content(body) }))
            .ShouldBe("250@FinalDot | dot");
    }

    [Theory]
    [InlineData("", "MAIL FROM:<s@from.test>\r\n", "RCPT TO:<a@to.test>\r\n")]
    [InlineData("SIZE 1000000", "MAIL FROM:<s@from.test> SIZE=21\r\n", "RCPT TO:<a@to.test>\r\n")]
    [InlineData("8BITMIME", "MAIL FROM:<s@from.test> BODY=8BITMIME\r\n", "RCPT TO:<a@to.test>\r\n")]
    [InlineData("DSN", "MAIL FROM:<s@from.test> RET=HDRS ENVID=id+2B1\r\n",
        "RCPT TO:<a@to.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;o@to.test\r\n")]
    public async Task Transfer_Extension_DecidesTheParameters(string keyword, string mail, string rcpt)
    {
        var envelope = Sample.Envelope with { EnvelopeId = "id+1", Return = DsnReturn.Headers, EightBit = true };
        var recipient = new QueuedRecipient(Sample.Address("a@to.test"), DsnNotify.Success | DsnNotify.Failure, "rfc822;o@to.test");
        var script = SmtpScript.Greet(Outbound.Client, keyword.Length > 0 ? [keyword] : []).On(mail, Ok).On(rcpt, Ok).On("DATA\r\n", Go)
            .OnAnyContent(Ok).Quit();
        await Attempt.RunAsync(script, new OutgoingMessage(envelope, [recipient], Sample.Content()));
    }

    [Fact]
    public async Task Transfer_NullReversePath_IsWrittenEmpty()
    {
        var script = SmtpScript.Greet(Outbound.Client).On("MAIL FROM:<>\r\n", Ok).On("RCPT TO:<a@to.test>\r\n", Ok).On("DATA\r\n", Go)
            .OnAnyContent(Ok).Quit();
        await Attempt.RunAsync(script, Sample.Message("a@to.test") with { ReversePath = null });
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task Transfer_ManyRecipients_PipelinesWhatFitsTheBuffers(int count, bool pipelined)
    {
        string[] recipients = [.. Enumerable.Range(0, count).Select(i => $"r{i}@to.test")];
        var script = SmtpScript.Greet(Outbound.Client, "PIPELINING");
        string[] group = ["MAIL FROM:<s@from.test>\r\n", .. recipients.Select(r => $"RCPT TO:<{r}>\r\n"), "DATA\r\n"];
        string[] replies = [.. Enumerable.Repeat(Ok, count + 1), Go];
        if (pipelined) script.Expect(string.Concat(group)).Send(string.Concat(replies));
        else foreach (var (command, reply) in group.Zip(replies)) script.On(command, reply);
        var result = await Attempt.RunAsync(script.OnAnyContent(Ok).Quit(), Sample.Message(recipients));
        result.Replies.ShouldAllBe(reply => reply!.Code == 250);
    }

    [Fact]
    public async Task Transfer_AfterARefusal_ResetsFirst()
    {
        var script = SmtpScript.Greet(Outbound.Client)
            .On("MAIL FROM:<s@from.test>\r\n", Ok).On("RCPT TO:<a@to.test>\r\n", "550 5.1.1 no\r\n")
            .On("RSET\r\n", Ok).On("MAIL FROM:<s@from.test>\r\n", Ok).On("RCPT TO:<b@to.test>\r\n", Ok).On("DATA\r\n", Go).OnAnyContent(Ok)
            .On("MAIL FROM:<s@from.test>\r\n", Ok).On("RCPT TO:<c@to.test>\r\n", Ok).On("DATA\r\n", Go).OnAnyContent(Ok).Quit();
        (await TransferAllAsync(script, "a@to.test", "b@to.test", "c@to.test"))
            .ShouldBe(["550@Rcpt", "250@FinalDot | dot", "250@FinalDot | dot"]);
    }

    [Fact]
    public async Task Transfer_ResetRefused_EndsTheSessionNotTheMessage()
    {
        // MAIL would be answered 503, and a message that nobody looked at would fail.
        var script = SmtpScript.Greet(Outbound.Client)
            .On("MAIL FROM:<s@from.test>\r\n", Ok).On("RCPT TO:<a@to.test>\r\n", "550 5.1.1 no\r\n").On("RSET\r\n", "502 5.5.1 what?\r\n")
            .ExpectEnd();
        (await TransferAllAsync(script, "a@to.test", "b@to.test")).ShouldBe(["550@Rcpt", "- | Refused@Reset 502"]);
    }

    [Fact]
    public async Task Quit_NoAnswer_IsGivenUpSoon()
    {
        var script = SmtpScript.Greet(Outbound.Client).Expect("QUIT\r\n").Silence();
        await using var server = ScriptedServer.Start(script);
        var outbound = new Outbound();
        var session = await outbound.SessionAsync(server);
        var quit = session.QuitAsync();
        await outbound.Clock.AdvanceUntilAsync(quit, TimeSpan.FromSeconds(1));
        await quit;
        await session.DisposeAsync();
        await server.FinishedAsync();
    }

    internal static SmtpScript Opening(SmtpScript script) => script.On("MAIL FROM:<s@from.test>\r\n", Ok).On("RCPT TO:<a@to.test>\r\n", Ok)
        .On("DATA\r\n", Go);

    private static async Task<List<string>> TransferAllAsync(SmtpScript script, params string[] recipients)
    {
        await using var server = ScriptedServer.Start(script);
        await using var session = await new Outbound().SessionAsync(server);
        var told = new List<string>();
        foreach (var recipient in recipients) told.Add(Attempt.Tell(await session.TransferAsync(Sample.Message(recipient), Attempt.Yes)
            .Soon()));
        if (!told[^1].Contains("@Reset", StringComparison.Ordinal)) await session.QuitAsync().Soon();
        await session.DisposeAsync();
        await server.FinishedAsync();
        return told;
    }
}
