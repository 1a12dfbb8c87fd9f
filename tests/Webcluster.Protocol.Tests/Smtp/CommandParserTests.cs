using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Xunit;

namespace Webcluster.Protocol.Tests.Smtp;

public sealed class CommandParserTests
{
    private static readonly string Long64 = new('a', 64);

    [Theory]
    [InlineData("DATA", SmtpVerb.Data)]
    [InlineData("data", SmtpVerb.Data)]
    [InlineData("RSET  ", SmtpVerb.Rset)]
    [InlineData("NOOP", SmtpVerb.Noop)]
    [InlineData("NOOP anything at all", SmtpVerb.Noop)]
    [InlineData("QUIT", SmtpVerb.Quit)]
    [InlineData("VRFY someone", SmtpVerb.Vrfy)]
    [InlineData("EXPN list", SmtpVerb.Expn)]
    [InlineData("HELP", SmtpVerb.Help)]
    [InlineData("HELP MAIL", SmtpVerb.Help)]
    [InlineData("StartTLS", SmtpVerb.StartTls)]
    [InlineData("", SmtpVerb.Unknown)]
    [InlineData(" ", SmtpVerb.Unknown)]
    [InlineData(" QUIT", SmtpVerb.Unknown)]
    [InlineData("QUITS", SmtpVerb.Unknown)]
    [InlineData("QUI", SmtpVerb.Unknown)]
    [InlineData("MAIL\tFROM:<a@x.example>", SmtpVerb.Unknown)]
    [InlineData("GET / HTTP/1.1", SmtpVerb.Unknown)]
    [InlineData("\x16\x03\x01\x02", SmtpVerb.Unknown)]
    [InlineData("\xff\xfe QUIT", SmtpVerb.Unknown)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ", SmtpVerb.Unknown)]
    public void Parse_SimpleCommand_IsItsVerb(string line, SmtpVerb verb) => Parse(line).ShouldBe(new SmtpCommand.Simple(verb));

    [Theory]
    [InlineData("EHLO mail.example", SmtpVerb.Ehlo, "mail.example")]
    [InlineData("helo PC_1", SmtpVerb.Helo, "PC_1")]
    [InlineData("EHLO [192.0.2.1]", SmtpVerb.Ehlo, "[192.0.2.1]")]
    [InlineData("EHLO  [IPv6:2001:db8::1] ", SmtpVerb.Ehlo, "[IPv6:2001:db8::1]")]
    [InlineData("EHLO Anna's PC", SmtpVerb.Ehlo, "unknown")]
    [InlineData("EHLO (x", SmtpVerb.Ehlo, "unknown")]
    [InlineData("EHLO a;b", SmtpVerb.Ehlo, "unknown")]
    [InlineData("EHLO b\xc3\xbcro", SmtpVerb.Ehlo, "unknown")]
    [InlineData("HELO b\xfcro", SmtpVerb.Helo, "unknown")]
    public void Parse_Hello_KeepsTheNameThatCanBeWritten(string line, SmtpVerb verb, string name) =>
        Parse(line).ShouldBe(new SmtpCommand.Hello(verb, name));

    public static TheoryData<string, SmtpVerb, CommandProblem> Refused => new()
    {
        { "EHLO", SmtpVerb.Ehlo, CommandProblem.Syntax },
        { "EHLO a\tb", SmtpVerb.Ehlo, CommandProblem.ControlCharacter },
        { "EHLO " + new string('a', 256), SmtpVerb.Ehlo, CommandProblem.Syntax },
        { "DATA x", SmtpVerb.Data, CommandProblem.UnexpectedParameters },
        { "STARTTLS foo", SmtpVerb.StartTls, CommandProblem.UnexpectedParameters },
        { "QUIT now", SmtpVerb.Quit, CommandProblem.UnexpectedParameters },
        { "RSET now", SmtpVerb.Rset, CommandProblem.UnexpectedParameters },
        { "NOOP \0", SmtpVerb.Noop, CommandProblem.ControlCharacter },
        { "NOOP \x1b[2J", SmtpVerb.Noop, CommandProblem.ControlCharacter },
        { "MAIL FROM:<a@x>\0", SmtpVerb.Mail, CommandProblem.ControlCharacter },
        { "MAIL FROM:<\"a\r\nRCPT TO:<evil@z>\"@x>", SmtpVerb.Mail, CommandProblem.ControlCharacter },
        { "RCPT TO:<a\0b@y>", SmtpVerb.Rcpt, CommandProblem.ControlCharacter },
        { "MAIL FROM:<\xff\xfe@x> SMTPUTF8", SmtpVerb.Mail, CommandProblem.InvalidUtf8 },
        { "MAIL FROM:<\xed\xa0\x80@x> SMTPUTF8", SmtpVerb.Mail, CommandProblem.InvalidUtf8 },
        { "MAIL FROM:<\xc0\xae@x> SMTPUTF8", SmtpVerb.Mail, CommandProblem.InvalidUtf8 },
        { "MAIL FROM:<p\xc3\xa9@x>", SmtpVerb.Mail, CommandProblem.Utf8NotDeclared },
        { "MAIL FROM:<a@b\xc3\xbc" + "cher.example>", SmtpVerb.Mail, CommandProblem.Utf8NotDeclared },
        { "MAIL", SmtpVerb.Mail, CommandProblem.Syntax },
        { "MAIL FROM", SmtpVerb.Mail, CommandProblem.Syntax },
        { "MAIL FROM :<a@x>", SmtpVerb.Mail, CommandProblem.Syntax },
        { "MAIL FROM:", SmtpVerb.Mail, CommandProblem.InvalidReversePath },
        { "MAIL FROM:<a@x", SmtpVerb.Mail, CommandProblem.InvalidReversePath },
        { "MAIL FROM:<", SmtpVerb.Mail, CommandProblem.InvalidReversePath },
        { "MAIL FROM:<Postmaster>", SmtpVerb.Mail, CommandProblem.InvalidReversePath },
        { "MAIL FROM:<\"a@x>", SmtpVerb.Mail, CommandProblem.InvalidReversePath },
        { "MAIL FROM:<" + Long64 + "a@x>", SmtpVerb.Mail, CommandProblem.PathTooLong },
        { "MAIL FROM:<a@" + new string('b', 253) + ">", SmtpVerb.Mail, CommandProblem.PathTooLong },
        { "RCPT TO:<" + Long64 + "a@x>", SmtpVerb.Rcpt, CommandProblem.PathTooLong },
        { "MAIL FROM:<a@x>SIZE=1", SmtpVerb.Mail, CommandProblem.Syntax },
        { "MAIL FROM:<a@x> =1", SmtpVerb.Mail, CommandProblem.Syntax },
        { "MAIL FROM:<a@x> -X=1", SmtpVerb.Mail, CommandProblem.Syntax },
        { "MAIL FROM:<a@x> SIZE=", SmtpVerb.Mail, CommandProblem.Syntax },
        { "MAIL FROM:<a@x> SIZE=1=1", SmtpVerb.Mail, CommandProblem.Syntax },
        { "MAIL FROM:<a@x> SIZE", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> SIZE=-1", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> SIZE=1k", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> SIZE=99999999999999999999", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> SIZE=1 size=2", SmtpVerb.Mail, CommandProblem.DuplicateParameter },
        { "MAIL FROM:<a@x> SMTPUTF8 SMTPUTF8", SmtpVerb.Mail, CommandProblem.DuplicateParameter },
        { "MAIL FROM:<a@x> SMTPUTF8=1", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> BODY=RABIIT", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> BODY=BINARYMIME", SmtpVerb.Mail, CommandProblem.UnknownParameter },
        { "MAIL FROM:<a@x> FOO=BAR", SmtpVerb.Mail, CommandProblem.UnknownParameter },
        { "MAIL FROM:<a@x> REQUIRETLS=1", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> REQUIRETLS REQUIRETLS", SmtpVerb.Mail, CommandProblem.DuplicateParameter },
        { "MAIL FROM:<a@x> NOTIFY=NEVER", SmtpVerb.Mail, CommandProblem.UnknownParameter },
        { "MAIL FROM:<a@x> RET=HEADERS", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> ENVID=a+0D+0Ab", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> ENVID=a+4", SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "MAIL FROM:<a@x> ENVID=" + new string('a', 101), SmtpVerb.Mail, CommandProblem.InvalidParameterValue },
        { "RCPT TO:", SmtpVerb.Rcpt, CommandProblem.InvalidForwardPath },
        { "RCPT TO:<>", SmtpVerb.Rcpt, CommandProblem.InvalidForwardPath },
        { "RCPT TO:<root>", SmtpVerb.Rcpt, CommandProblem.InvalidForwardPath },
        { "RCPT TO:<bad", SmtpVerb.Rcpt, CommandProblem.InvalidForwardPath },
        { "RCPT TO:<a@x> NOTIFY=NEVER,SUCCESS", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> NOTIFY=SUCCESS,", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> NOTIFY", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> NOTIFY=DELAY NOTIFY=DELAY", SmtpVerb.Rcpt, CommandProblem.DuplicateParameter },
        { "RCPT TO:<a@x> ORCPT=rfc822;a@x ORCPT=rfc822;a@x", SmtpVerb.Rcpt, CommandProblem.DuplicateParameter },
        { "RCPT TO:<a@x> ORCPT=a@x", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> ORCPT=;a@x", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> ORCPT=rfc822;", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> ORCPT=rfc822;a+0A@x", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> ORCPT=utf-8;a\\x{0A}@x", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> ORCPT=utf-8;a\\x{202E}@x", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> ORCPT=utf-8;a\\x{D800}@x", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> ORCPT=utf-8;a\\y", SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> ORCPT=rfc822;" + new string('a', 494), SmtpVerb.Rcpt, CommandProblem.InvalidParameterValue },
        { "RCPT TO:<a@x> SIZE=1", SmtpVerb.Rcpt, CommandProblem.UnknownParameter },
        { "RCPT TO:<a@x> routed to y.example", SmtpVerb.Rcpt, CommandProblem.UnknownParameter },
        { "BDAT", SmtpVerb.Bdat, CommandProblem.InvalidChunkSize },
        { "BDAT -1", SmtpVerb.Bdat, CommandProblem.InvalidChunkSize },
        { "BDAT abc", SmtpVerb.Bdat, CommandProblem.InvalidChunkSize },
        { "BDAT 18446744073709551616", SmtpVerb.Bdat, CommandProblem.InvalidChunkSize },
        { "BDAT 9223372036854775808", SmtpVerb.Bdat, CommandProblem.InvalidChunkSize },
        { "BDAT 5 FIRST", SmtpVerb.Bdat, CommandProblem.InvalidChunkSize },
        { "BDAT 5 LAST x", SmtpVerb.Bdat, CommandProblem.InvalidChunkSize },
        { "AUTH", SmtpVerb.Auth, CommandProblem.Syntax },
        { "AUTH PLAIN x y z", SmtpVerb.Auth, CommandProblem.Syntax },
        { "AUTH PLAIN \xc3\xa9", SmtpVerb.Auth, CommandProblem.Syntax },
        { "AUTH P@IN", SmtpVerb.Auth, CommandProblem.UnknownMechanism },
        { "AUTH ABCDEFGHIJKLMNOPQRSTU", SmtpVerb.Auth, CommandProblem.UnknownMechanism },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Parse_RefusedLine_NamesVerbAndProblem(string line, SmtpVerb verb, CommandProblem problem) =>
        Parse(line).ShouldBe(new SmtpCommand.Malformed(verb, problem));

    [Theory]
    [InlineData("MAIL FROM:<a@x.example>", "a", "x.example")]
    [InlineData("mail from: <a@X.Example>", "a", "x.example")]
    [InlineData("MAIL FROM:<\"user@evil.example x\"@internal.example>", "user@evil.example x", "internal.example")]
    [InlineData("MAIL FROM:<\"a>b\\\"\"@x>", "a>b\"", "x")]
    [InlineData("MAIL FROM:<@a.example,@b.example:user@c.example>", "user", "c.example")]
    [InlineData("MAIL FROM:<@a.example:user@[IPv6:2001:db8::1]>", "user", "[IPv6:2001:db8::1]")]
    public void Parse_Mail_TakesThePath(string line, string local, string domain) =>
        Parse(line).ShouldBe(new SmtpCommand.Mail(new Mailbox(local, domain), MailParameters.None));

    [Theory]
    [InlineData("MAIL FROM:<@:user@c.example>")]
    [InlineData("MAIL FROM:<@a.example user@c.example>")]
    [InlineData("MAIL FROM:<@a.example,b.example:user@c.example>")]
    [InlineData("MAIL FROM:<@-a.example:user@c.example>")]
    [InlineData("MAIL FROM:<@a.example:>")]
    public void Parse_BadSourceRoute_IsRefused(string line) =>
        Parse(line).ShouldBe(new SmtpCommand.Malformed(SmtpVerb.Mail, CommandProblem.InvalidReversePath));

    [Theory]
    [InlineData(28, true)]
    [InlineData(29, false)]
    public void Parse_LongSourceRoute_IsBounded(int hops, bool taken)
    {
        var route = string.Join(',', Enumerable.Repeat("@b.hop.x", hops));
        (Parse($"MAIL FROM:<{route}:a@x>") is SmtpCommand.Mail).ShouldBe(taken);
    }

    [Fact]
    public void Parse_LongestLocalPart_IsTaken() =>
        Parse($"RCPT TO:<{Long64}@x>").ShouldBe(new SmtpCommand.Recipient(new Mailbox(Long64, "x"), RcptParameters.None));

    [Fact]
    public void Parse_AllMailParameters_AreRead() =>
        Parse("MAIL FROM:<p\xc3\xa9@x.example> size=0 Body=8BitMime smtputf8  RET=full ENVID=a+2Bb+20c AUTH=<>").ShouldBe(
            new SmtpCommand.Mail(new Mailbox("pé", "x.example"), new MailParameters(0, MailBody.EightBitMime, true, DsnReturn.Full,
                "a+b c", "<>")));

    [Fact]
    public void Parse_NullReversePath_IsNull() => Parse("MAIL FROM:<> BODY=7BIT SIZE=9223372036854775807").ShouldBe(
        new SmtpCommand.Mail(null, MailParameters.None with { Size = long.MaxValue }));

    [Theory]
    [InlineData("NOTIFY=never", DsnNotify.Never, null)]
    [InlineData("NOTIFY=SUCCESS,FAILURE,DELAY", DsnNotify.Success | DsnNotify.Failure | DsnNotify.Delay, null)]
    [InlineData("NOTIFY=DELAY ORCPT=RFC822;a+2Bb@x", DsnNotify.Delay, "rfc822;a+b@x")]
    [InlineData("ORCPT=utf-8;p\\x{E9}\\x{1F600}@x", DsnNotify.NotGiven, "utf-8;pé😀@x")]
    [InlineData("ORCPT=UTF-8;p\xc3\xa9@x", DsnNotify.NotGiven, "utf-8;pé@x")]
    public void Parse_RecipientParameters_AreRead(string parameters, DsnNotify notify, string? original) =>
        Parse("RCPT TO:<b@y> " + parameters).ShouldBe(
            new SmtpCommand.Recipient(new Mailbox("b", "y"), new RcptParameters(notify, original)));

    [Fact]
    public void Parse_PostmasterAlone_HasTheEmptyDomain() =>
        Parse("RCPT TO:<postMaster>").ShouldBe(new SmtpCommand.Recipient(new Mailbox("postMaster", ""), RcptParameters.None));

    [Theory]
    [InlineData("BDAT 0 LAST", 0, true)]
    [InlineData("BDAT 8", 8, false)]
    [InlineData("bdat  9223372036854775807  last", long.MaxValue, true)]
    public void Parse_Chunk_HasSizeAndLast(string line, long size, bool last) => Parse(line).ShouldBe(new SmtpCommand.Bdat(size, last));

    [Theory]
    [InlineData("AUTH plain", "PLAIN", null)]
    [InlineData("AUTH PLAIN =", "PLAIN", "")]
    [InlineData("AUTH PLAIN AHUAcA==", "PLAIN", "AHUAcA==")]
    [InlineData("AUTH XYZ %%%", "XYZ", "%%%")]
    public void Parse_Auth_HasMechanismAndResponse(string line, string mechanism, string? response) =>
        Parse(line).ShouldBe(new SmtpCommand.Auth(mechanism, response));

    [Fact]
    public void Parse_RandomLines_NeverThrowsAndNeverLetsAControlThrough()
    {
        string[] pieces =
        [
            "MAIL FROM:", "RCPT TO:", "BDAT ", "AUTH ", "EHLO ", "SIZE=", "ORCPT=utf-8;", "ENVID=", "SMTPUTF8", "+0A", "\\x{", "}", "=",
            " ", "<", ">", "a", "9", "@", "x.example", "xn--", "[IPv6:", "]", ":", ",", ".", "-", "\"", "\\",
            "\xc3\xa9", "\xe2\x80\x8b", "\xff", "\0", "\r\n", "\x7f",
        ];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var line = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (random.Next(2) == 0) line = "MAIL FROM:<" + line;
            var command = Should.NotThrow(() => Parse(line), $"seed {seed}");
            if (command is SmtpCommand.Mail mail) $"{mail.ReversePath}{mail.Parameters.EnvelopeId}".Any(char.IsControl)
                .ShouldBeFalse($"seed {seed}");
            if (command is SmtpCommand.Recipient to) $"{to.ForwardPath}{to.Parameters.OriginalRecipient}".Any(char.IsControl)
                .ShouldBeFalse($"seed {seed}");
        }
    }

    private static SmtpCommand Parse(string latin1) => CommandParser.Parse(Bytes.Of(latin1));
}
