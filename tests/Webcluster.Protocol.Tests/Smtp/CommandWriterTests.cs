using System.Buffers;
using System.Text;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Xunit;

namespace Webcluster.Protocol.Tests.Smtp;

public sealed class CommandWriterTests
{
    private static readonly ServerCapabilities All = new()
    {
        Pipelining = true, StartTls = true, EightBitMime = true, SmtpUtf8 = true, Dsn = true, Chunking = true, EnhancedStatusCodes = true,
        MaxSize = 1000,
    };
    private static readonly MailParameters Full = new(12, MailBody.EightBitMime, true, DsnReturn.Headers, "a+b=c d", "someone@x");

    [Fact]
    public void Mail_AllOffered_WritesAllParameters() =>
        Mail(new Mailbox("a", "x.example"), Full, All).ShouldBe(
            "MAIL FROM:<a@x.example> SIZE=12 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb+3Dc+20d\r\n");

    [Fact]
    public void Mail_NothingOffered_WritesThePathAlone() =>
        Mail(new Mailbox("a", "x.example"), Full, ServerCapabilities.None).ShouldBe("MAIL FROM:<a@x.example>\r\n");

    [Fact]
    public void Mail_NoParameters_WritesNone() => Mail(null, MailParameters.None, All).ShouldBe("MAIL FROM:<>\r\n");

    [Fact]
    public void Mail_SizeOfferedWithoutLimit_WritesSize() =>
        Mail(null, MailParameters.None with { Size = 5 }, ServerCapabilities.None with { Size = true }).ShouldBe("MAIL FROM:<> SIZE=5\r\n");

    [Fact]
    public void Mail_LocalPartThatNeedsQuotes_IsQuoted() =>
        Mail(new Mailbox("a>\" b\\", "x"), MailParameters.None, All).ShouldBe("MAIL FROM:<\"a>\\\" b\\\\\"@x>\r\n");

    [Theory]
    [InlineData(DsnNotify.Never, "NEVER")]
    [InlineData(DsnNotify.Success | DsnNotify.Failure | DsnNotify.Delay, "SUCCESS,FAILURE,DELAY")]
    [InlineData(DsnNotify.Delay, "DELAY")]
    public void Recipient_Notify_IsWritten(DsnNotify notify, string value) =>
        Recipient(new Mailbox("b", "y"), new RcptParameters(notify, null), All).ShouldBe($"RCPT TO:<b@y> NOTIFY={value}\r\n");

    [Theory]
    [InlineData("rfc822;a+b@x", "rfc822;a+2Bb@x")]
    [InlineData("utf-8;p\u00e9+\u1F600=\\@x", "utf-8;p\\x{E9}\\x{2B}\\x{1F60}0\\x{3D}\\x{5C}@x")]
    [InlineData("rfc822;p\u00e9@x", "utf-8;p\\x{E9}@x")]
    [InlineData("x y;a", "x+20y;a")]
    public void Recipient_OriginalRecipient_IsEncoded(string original, string value) =>
        Recipient(new Mailbox("b", "y"), new RcptParameters(DsnNotify.NotGiven, original), All)
            .ShouldBe($"RCPT TO:<b@y> ORCPT={value}\r\n");

    [Fact]
    public void Recipient_DsnNotOffered_WritesThePathAlone() =>
        Recipient(new Mailbox("b", "y"), new RcptParameters(DsnNotify.Never, "rfc822;b@y"), All with { Dsn = false })
            .ShouldBe("RCPT TO:<b@y>\r\n");

    [Theory]
    [InlineData("RCPT TO:<p\u00e9@x> NOTIFY=SUCCESS,DELAY ORCPT=utf-8;p\\x{E9}\\x{2B}@x")]
    [InlineData("RCPT TO:<\"a b\"@[192.0.2.1]> ORCPT=rfc822;\"a+20b\"@x")]
    public void Recipient_ParsedCommand_ComesBackTheSame(string line)
    {
        var command = CommandParser.Parse(Encoding.UTF8.GetBytes(line)).ShouldBeOfType<SmtpCommand.Recipient>();
        Recipient(command.ForwardPath, command.Parameters, All).ShouldBe(line + "\r\n");
    }

    [Theory]
    [InlineData("a\r\nRCPT TO:<evil", "x", null)]
    [InlineData("a\0", "x", null)]
    [InlineData("a", "x>\r\nDATA", null)]
    [InlineData("a", "x", "id\r\nDATA")]
    [InlineData("a", "x", "id\0")]
    [InlineData("a", "x", "\u00e9")]
    public void Mail_ValueThatNoParserGives_WritesNothing(string local, string domain, string? envelopeId)
    {
        var output = new ArrayBufferWriter<byte>();
        Should.Throw<ArgumentException>(() => CommandWriter.Mail(output, new Mailbox(local, domain),
            MailParameters.None with { EnvelopeId = envelopeId }, All));
        output.WrittenCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("a\n", "rfc822;x")]
    [InlineData("a", "rfc822;x\r\n")]
    [InlineData("a", "rfc\r822;x")]
    public void Recipient_ValueThatNoParserGives_WritesNothing(string local, string original)
    {
        var output = new ArrayBufferWriter<byte>();
        Should.Throw<ArgumentException>(() =>
            CommandWriter.Recipient(output, new Mailbox(local, "x"), new RcptParameters(DsnNotify.Never, original), All));
        output.WrittenCount.ShouldBe(0);
    }

    private static string Mail(Mailbox? path, MailParameters parameters, ServerCapabilities capabilities)
    {
        var output = new ArrayBufferWriter<byte>();
        CommandWriter.Mail(output, path, parameters, capabilities);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Recipient(Mailbox path, RcptParameters parameters, ServerCapabilities capabilities)
    {
        var output = new ArrayBufferWriter<byte>();
        CommandWriter.Recipient(output, path, parameters, capabilities);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
