using System.Text;
using Shouldly;
using Webcluster.Submission.Tests.Harness;
using Webcluster.TestKit.Pipes;
using Xunit;

namespace Webcluster.Submission.Tests.Sessions;

/// <summary>What a client says, in one go, and all that the server answers; each whole, cut at every index, and octet by octet.</summary>
public sealed class DialogueTests
{
    private const string Greeting = "220 mx.example ESMTP\r\n";
    private const string Ehlo =
        "250-mx.example\r\n250-PIPELINING\r\n250-SIZE 36700160\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
        + "250-CHUNKING\r\n250-DSN\r\n250-STARTTLS\r\n250 ENHANCEDSTATUSCODES\r\n";
    private const string Open = "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n";
    private const string Go = "354 End data with <CR><LF>.<CR><LF>\r\n";
    private const string Queued = "250 2.0.0 Ok: queued as ID\r\n";
    private const string Bye = "221 2.0.0 Bye\r\n";

    public static TheoryData<string, string, string> Dialogues { get; } = new()
    {
        { "nothing", "", "" },
        { "quit", "QUIT\r\n", Bye },
        { "case does not matter", "qUiT\r\n", Bye },
        { "hello", "EHLO c\r\nHELO c\r\nQUIT\r\n", Ehlo + "250 mx.example\r\n" + Bye },
        { "TLS all the way begins with TLS", "EHLO c\r\nMAIL FROM:<a@x> REQUIRETLS\r\nQUIT\r\n", Ehlo + "530 5.7.0 Must issue a STARTTLS command first\r\n" + Bye },
        {
            "one message",
            "EHLO c\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\nFrom: a@x.example\r\n\r\nhi\r\n.\r\nQUIT\r\n",
            Ehlo + Open + Go + Queued + Bye
        },
        {
            "two messages",
            "HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n.\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n.\r\nQUIT\r\n",
            "250 mx.example\r\n" + Open + Go + Queued + Open + Go + Queued + Bye
        },
        {
            "chunks",
            "EHLO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nBDAT 4\r\nab\r\nBDAT 4 LAST\r\ncd\r\nQUIT\r\n",
            Ehlo + Open + "250 2.0.0 Chunk received\r\n" + Queued + Bye
        },
        {
            "order",
            "MAIL FROM:<a@x>\r\nEHLO c\r\nRCPT TO:<b@y>\r\nDATA\r\nMAIL FROM:<a@x>\r\nMAIL FROM:<a@x>\r\nDATA\r\nQUIT\r\n",
            "503 5.5.1 Send EHLO first\r\n" + Ehlo + "503 5.5.1 Send MAIL first\r\n503 5.5.1 Send MAIL first\r\n"
            + "250 2.1.0 Ok\r\n503 5.5.1 Sender already given\r\n554 5.5.1 No valid recipients\r\n" + Bye
        },
        {
            "reset",
            "HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nRSET\r\nDATA\r\nQUIT\r\n",
            "250 mx.example\r\n" + Open + "250 2.0.0 Ok\r\n503 5.5.1 Send MAIL first\r\n" + Bye
        },
        {
            "small talk",
            "NOOP x\r\nVRFY a\r\nEXPN a\r\nHELP\r\nFROB\r\nQUIT\r\n",
            "250 2.0.0 Ok\r\n252 2.0.0 Cannot verify users; send the mail and see\r\n502 5.5.1 Command not implemented\r\n"
            + "214 2.0.0 See RFC 5321 and RFC 6409\r\n500 5.5.1 Command not recognized\r\n" + Bye
        },
        {
            "bad syntax",
            "EHLO\r\nRSET now\r\nNOOP \x01\r\nHELO c\r\nMAIL FROM:<a@>\r\nMAIL FROM:<a@x> SIZE=x\r\nMAIL FROM:<a@x> FOO=1\r\nQUIT\r\n",
            "501 5.5.2 Syntax error\r\n501 5.5.4 No parameters allowed\r\n501 5.5.2 Control character in command; lines end in CR LF\r\n"
            + "250 mx.example\r\n501 5.1.7 Invalid sender address\r\n501 5.5.4 Invalid parameter value\r\n"
            + "555 5.5.4 Parameter not recognized\r\n" + Bye
        },
        {
            "bare line feeds end no line",
            "NOOP\nNOOP\r\nNOOP\n\r\nQUIT\r\n",
            "500 5.5.1 Command not recognized\r\n500 5.5.1 Command not recognized\r\n" + Bye
        },
        { "nothing behind QUIT", "QUIT\r\nNOOP\r\n", Bye },
        {
            "announced too large",
            "HELO c\r\nMAIL FROM:<a@x> SIZE=36700161\r\nMAIL FROM:<a@x> SIZE=36700160\r\nQUIT\r\n",
            "250 mx.example\r\n552 5.3.4 Message too large\r\n250 2.1.0 Ok\r\n" + Bye
        },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task Session_Dialogue_AnswersExactly(string name, string client, string server)
    {
        foreach (var parts in Cuts.Of(Encoding.Latin1.GetBytes(client)))
        {
            using var submission = new SubmissionServer();
            var connection = submission.Connect();
            await connection.SendPartsAsync(parts);
            (await connection.FinishAsync()).ShouldBe(
                Greeting + server, $"{name}, cut as {string.Join('+', parts.Select(part => part.Length))}");
        }
    }
}
