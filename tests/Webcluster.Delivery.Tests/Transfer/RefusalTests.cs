using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Transfer;

/// <summary>What the server answers to each command of a transaction with two recipients, one command at a time and pipelined.</summary>
public class RefusalTests
{
    private const string Nothing = "";

    // MAIL, RCPT 1, RCPT 2, DATA, final dot ("": never comes to that) → what the transaction tells.
    public static TheoryData<string, string, string, string, string, string> Rows => new()
    {
        { "250 ok", "250 ok", "250 ok", "354 go", "250 ok", "250@FinalDot 250@FinalDot | dot" },
        { "450 later", Nothing, Nothing, Nothing, Nothing, "450@Mail 450@Mail" },
        { "550 no", Nothing, Nothing, Nothing, Nothing, "550@Mail 550@Mail" },
        { "250 ok", "550 no", "450 later", Nothing, Nothing, "550@Rcpt 450@Rcpt" },
        { "250 ok", "550 no", "250 ok", "354 go", "250 ok", "550@Rcpt 250@FinalDot | dot" },
        { "250 ok", "250 ok", "452 4.5.3 too many", "354 go", "250 ok", "250@FinalDot 452@Rcpt | dot" },
        { "250 ok", "251 forwarded", "252 perhaps", "354 go", "250 ok", "250@FinalDot 250@FinalDot | dot" },
        { "250 ok", "250 ok", "550 no", "451 later", Nothing, "451@Data 550@Rcpt" },
        { "250 ok", "250 ok", "550 no", "554 no", Nothing, "554@Data 550@Rcpt" },
        { "250 ok", "250 ok", "550 no", "354 go", "451 later", "451@FinalDot 550@Rcpt | dot" },
        { "250 ok", "250 ok", "550 no", "354 go", "554 spam", "554@FinalDot 550@Rcpt | dot" },
        { "250 ok", "250 ok", "250 ok", "354 go", "252 perhaps", "252@FinalDot 252@FinalDot | dot" },
        { "250 ok", "599 odd", "499 odd", Nothing, Nothing, "599@Rcpt 499@Rcpt" },
        // rfc5321#4.2.1: an intermediate reply is no answer to MAIL, RCPT or the final dot.
        { "354 odd", Nothing, Nothing, Nothing, Nothing, "- - | ProtocolError@Mail" },
        { "250 ok", "354 odd", Nothing, Nothing, Nothing, "- - | ProtocolError@Rcpt" },
        { "250 ok", "550 no", "250 ok", "250 odd", Nothing, "550@Rcpt - | ProtocolError@Data" },
        { "250 ok", "550 no", "250 ok", "334 odd", Nothing, "550@Rcpt - | ProtocolError@Data" },
        { "250 ok", "550 no", "250 ok", "354 go", "354 odd", "550@Rcpt - | ProtocolError@FinalDot | dot" },
        // rfc5321#3.8: 421 closes the connection whenever it comes; who has an answer keeps it.
        { "421 bye", Nothing, Nothing, Nothing, Nothing, "- - | Refused@Mail 421" },
        { "250 ok", "421 bye", Nothing, Nothing, Nothing, "- - | Refused@Rcpt 421" },
        { "250 ok", "550 no", "421 bye", Nothing, Nothing, "550@Rcpt - | Refused@Rcpt 421" },
        { "250 ok", "550 no", "250 ok", "421 bye", Nothing, "550@Rcpt - | Refused@Data 421" },
        { "250 ok", "550 no", "250 ok", "354 go", "421 bye", "550@Rcpt - | Refused@FinalDot 421" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Stepwise_Replies_AreReported(string mail, string first, string second, string data, string dot, string told)
    {
        var script = SmtpScript.Greet(Outbound.Client).On("MAIL FROM:<s@from.test>\r\n", Line(mail));
        if (first != Nothing) script.On("RCPT TO:<a@to.test>\r\n", Line(first));
        if (second != Nothing) script.On("RCPT TO:<b@to.test>\r\n", Line(second));
        if (data != Nothing) script.On("DATA\r\n", Line(data));
        (await RunAsync(script, dot, told)).ShouldBe(told);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Pipelined_Replies_AreReportedAlike(string mail, string first, string second, string data, string dot, string told)
    {
        // The group is out before the first reply: a server answers all of it, unless it closes.
        var closes = new[] { mail, first, second, data }.Any(reply => reply.StartsWith("421", StringComparison.Ordinal));
        if (!closes)
        {
            first = first == Nothing ? "503 no" : first;
            second = second == Nothing ? "503 no" : second;
            data = data == Nothing ? "503 no" : data;
        }

        var script = SmtpScript.Greet(Outbound.Client, "PIPELINING")
            .Expect("MAIL FROM:<s@from.test>\r\nRCPT TO:<a@to.test>\r\nRCPT TO:<b@to.test>\r\nDATA\r\n")
            .Send(Line(mail) + Line(first) + Line(second) + Line(data));
        (await RunAsync(script, dot, told)).ShouldBe(told);
    }

    [Theory]
    [InlineData("250 ok", "550 no", "554 5.5.1 no valid recipients")]
    [InlineData("550 no", "250 ok", "554 5.5.1 no valid recipients")]
    [InlineData("550 no", "503 no", "250 taken for nobody")]
    public async Task Pipelined_GoAheadWithoutRecipient_EndsWithAnEmptyMessage(string mail, string rcpt, string dot)
    {
        // rfc2920#3.1
        var script = SmtpScript.Greet(Outbound.Client, "PIPELINING")
            .Expect("MAIL FROM:<s@from.test>\r\nRCPT TO:<a@to.test>\r\nDATA\r\n").Send(Line(mail) + Line(rcpt) + "354 go\r\n")
            .On(".\r\n", Line(dot)).Quit();
        var result = await Attempt.RunAsync(script, Sample.Message("a@to.test"));
        Attempt.Tell(result).ShouldBe(mail.StartsWith('5') ? "550@Mail" : "550@Rcpt");
    }

    private static string Line(string reply) => reply == Nothing ? "" : reply + "\r\n";

    private static async Task<string> RunAsync(SmtpScript script, string dot, string told)
    {
        if (dot != Nothing) script.OnContent(Sample.Body, Line(dot));
        script = told.Contains('|', StringComparison.Ordinal) && !told.EndsWith(" | dot", StringComparison.Ordinal)
            || told.Contains("Error", StringComparison.Ordinal)
            ? script.ExpectEnd()
            : script.Quit();
        return Attempt.Tell(await Attempt.RunAsync(script, Sample.Message("a@to.test", "b@to.test")));
    }
}
