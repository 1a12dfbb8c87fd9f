using System.Text;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dsn;
using Webcluster.Protocol.Smtp;
using Xunit;

namespace Webcluster.Protocol.Tests.Dsn;

public sealed class DsnWriterTests
{
    private const string WholeFailure =
        """
        From: Mail Delivery System <mailer-daemon@out.sender.example>
        To: <alice@sender.example>
        Subject: Undelivered mail returned to sender
        Date: Sun, 22 Nov 2026 12:00:00 +0000
        Message-ID: <dsn1@out.sender.example>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Transfer-Encoding: 7bit
        Content-Type: multipart/report; report-type=delivery-status;
         boundary="=_boundary"

        --=_boundary
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii
        Content-Transfer-Encoding: 7bit

        This is the mail system at out.sender.example.

        Your message could not be delivered to the following recipients. It will not
         be tried again.

        <bob@example.com>
            The server refused the address.
            mx.example.com said: 550 5.1.1 no such user

        Your message is attached.

        --=_boundary
        Content-Description: Delivery report
        Content-Type: message/delivery-status
        Content-Transfer-Encoding: 7bit

        Original-Envelope-Id: QQ314159
        Reporting-MTA: dns; out.sender.example
        Arrival-Date: Sun, 22 Nov 2026 11:00:00 +0000

        Original-Recipient: rfc822; bob@example.com
        Final-Recipient: rfc822; bob@example.com
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx.example.com
        Diagnostic-Code: smtp; 550 5.1.1 no such user
        Last-Attempt-Date: Sun, 22 Nov 2026 12:00:00 +0000

        --=_boundary
        Content-Description: Your message
        Content-Type: message/rfc822
        Content-Transfer-Encoding: 7bit

        From: alice@sender.example
        Subject: Hello

        Hello Bob.

        --=_boundary--

        """;

    [Fact]
    public void Write_Failure_IsExactlyTheseOctets() =>
        DsnReports.Text(DsnReports.Failure).ShouldBe(WholeFailure.ReplaceLineEndings("\r\n"));

    [Theory]
    [InlineData(DsnAction.Failed, "failed", "5.0.0", "Undelivered mail returned to sender")]
    [InlineData(DsnAction.Delayed, "delayed", "4.0.0", "Delayed mail, still being tried")]
    [InlineData(DsnAction.Delivered, "delivered", "2.0.0", "Delivery report")]
    [InlineData(DsnAction.Relayed, "relayed", "2.0.0", "Delivery report")]
    [InlineData(DsnAction.Expanded, "expanded", "2.0.0", "Delivery report")]
    public void Write_Action_HasItsNameStatusAndSubject(DsnAction action, string name, string status, string subject)
    {
        var text = DsnReports.Text(DsnReports.For(DsnReports.Bob with { Action = action, Status = default }));
        text.ShouldContain($"\r\nSubject: {subject}\r\n");
        text.ShouldContain($"\r\nAction: {name}\r\nStatus: {status}\r\n");
    }

    [Theory]
    [InlineData(DsnAction.Delayed, true)]
    [InlineData(DsnAction.Failed, false)]
    public void Write_WillRetryUntil_OnlyWhereDelayed(DsnAction action, bool expected)
    {
        var text = DsnReports.Text(DsnReports.For(DsnReports.Bob with { Action = action, WillRetryUntil = DsnReports.Noon.AddDays(5) }));
        text.Contains("\r\nWill-Retry-Until: Fri, 27 Nov 2026 12:00:00 +0000\r\n", StringComparison.Ordinal).ShouldBe(expected);
        text.Contains("    It will be tried until Fri, 27 Nov 2026 12:00:00 +0000.\r\n", StringComparison.Ordinal).ShouldBe(expected);
    }

    [Fact]
    public void Write_NothingOptional_LeavesFieldsOut()
    {
        var bare = DsnReports.Bob with { OriginalRecipient = null, RemoteMta = null, Diagnostic = null, LastAttempt = null };
        DsnReports.Part(DsnReports.Text(DsnReports.For(bare) with { EnvelopeId = null }), 2).ShouldBe(
            "Reporting-MTA: dns; out.sender.example\r\nArrival-Date: Sun, 22 Nov 2026 11:00:00 +0000\r\n\r\n"
            + "Final-Recipient: rfc822; bob@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n");
    }

    [Fact]
    public void Write_ManyRecipients_HaveAGroupEach()
    {
        var second = DsnReports.Bob
            with { Recipient = new Mailbox("carol", "example.com"), OriginalRecipient = null, Action = DsnAction.Delayed };
        var text = DsnReports.Text(DsnReports.For(DsnReports.Bob, second));
        DsnReports.Part(text, 2).Split("\r\n\r\n").Length.ShouldBe(3);
        DsnReports.Part(text, 1).ShouldContain("has not yet been delivered");
        DsnReports.Part(text, 1).ShouldContain("could not be delivered");
    }

    [Theory]
    [InlineData(DsnReturn.Full, DsnAction.Failed, true)]
    [InlineData(DsnReturn.Headers, DsnAction.Failed, false)]
    [InlineData(DsnReturn.NotGiven, DsnAction.Failed, false)]
    [InlineData(DsnReturn.Full, DsnAction.Delayed, false)]
    [InlineData(DsnReturn.Full, DsnAction.Delivered, false)]
    public void Write_Return_AllOnlyForFailuresThatAskIt(DsnReturn ret, DsnAction action, bool all)
    {
        var text = DsnReports.Text(DsnReports.For(DsnReports.Bob with { Action = action }) with { Return = ret });
        text.ShouldContain(all ? "\r\nContent-Type: message/rfc822\r\n" : "\r\nContent-Type: text/rfc822-headers\r\n");
        DsnReports.Part(text, 3).ShouldBe(all ? DsnReports.Original : "From: alice@sender.example\r\nSubject: Hello\r\n");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Write_LargeOriginal_ReturnsTheHeaderOnly(int beyond, bool all)
    {
        var original = new byte[DsnWriter.MaxReturned + beyond];
        Array.Fill(original, (byte)'x');
        "A: b\r\n\r\n"u8.CopyTo(original);
        var text = DsnReports.Text(DsnReports.Failure with { Original = original });
        DsnReports.Part(text, 3).Length.ShouldBe(all ? original.Length : 6);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\r\nbody", "")]
    [InlineData("A: b\r\n", "A: b\r\n")]
    [InlineData("A: b", "A: b")]
    [InlineData("A: b\r\n\r\n", "A: b\r\n")]
    [InlineData("A: b\r\nC: d\r\n\r\nbody\r\n\r\nmore", "A: b\r\nC: d\r\n")]
    public void Write_Header_EndsBeforeTheEmptyLine(string original, string expected) =>
        DsnReports.Part(DsnReports.Text(DsnReports.Failure
            with { Original = Encoding.UTF8.GetBytes(original), Return = DsnReturn.Headers }), 3).ShouldBe(expected);

    [Fact]
    public void Write_HeaderWithoutEnd_IsCutBehindALine()
    {
        var original = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("A: " + new string('b', 95) + "\r\n", 5000)));
        var header = DsnReports.Part(DsnReports.Text(DsnReports.Failure with { Original = original, Return = DsnReturn.Headers }), 3);
        header.Length.ShouldBe(DsnWriter.MaxReturned / 100 * 100);
        header.ShouldEndWith("b\r\n");
    }

    public static TheoryData<string, DsnReturn, bool, string, string> Originals => new()
    {
        // original, return, SMTPUTF8, media type, encoding
        { "S: a\r\n\r\nb", DsnReturn.Full, false, "message/rfc822", "7bit" },
        { "S: a\r\n\r\nä", DsnReturn.Full, false, "message/rfc822", "8bit" },
        { "S: a\r\n\r\nä", DsnReturn.Full, true, "message/rfc822", "8bit" },
        { "S: ä\r\n\r\nb", DsnReturn.Full, false, "message/rfc822", "8bit" },
        { "S: ä\r\n\r\nb", DsnReturn.Full, true, "message/global", "8bit" },
        { "S: a\r\n\r\nä", DsnReturn.Headers, true, "text/rfc822-headers", "7bit" },
        { "S: ä\r\n\r\nb", DsnReturn.Headers, false, "text/rfc822-headers", "8bit" },
        { "S: ä\r\n\r\nb", DsnReturn.Headers, true, "message/global-headers", "8bit" },
    };

    [Theory]
    [MemberData(nameof(Originals))]
    public void Write_Original_IsLabelledAsWhatItIs(string original, DsnReturn ret, bool utf8, string type, string encoding)
    {
        var text = DsnReports.Text(DsnReports.Failure with { Original = Encoding.UTF8.GetBytes(original), Return = ret, UseUtf8 = utf8 });
        text.ShouldContain($"\r\nContent-Type: {type}\r\nContent-Transfer-Encoding: {encoding}\r\n");
        text.ShouldContain($"MIME-Version: 1.0\r\nContent-Transfer-Encoding: {encoding}\r\n");
    }

    [Fact]
    public void Write_SevenBitOriginal_IsSevenBitAsAWhole()
    {
        var reply = new SmtpReply(550, default, "用户不存在");
        var report = DsnReports.For(DsnReports.Bob
            with { Diagnostic = reply, Recipient = new Mailbox("jürgen", "example.com"), OriginalRecipient = "utf-8;jürgen@example.com" });
        var octets = DsnWriter.Write(report);
        Ascii.IsValid(octets).ShouldBeTrue();
        var text = Encoding.ASCII.GetString(octets);
        text.ShouldContain("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n");
        text.ShouldContain("\r\nContent-Type: message/delivery-status\r\n");
        text.ShouldContain("\r\nOriginal-Recipient: utf-8; j\\x{FC}rgen@example.com\r\n");
        text.ShouldContain("\r\nFinal-Recipient: utf-8; j\\x{FC}rgen@example.com\r\n");
        text.ShouldContain("\r\nDiagnostic-Code: smtp; 550 \\x{7528}\\x{6237}\\x{4E0D}\\x{5B58}\\x{5728}\r\n");
        text.ShouldContain("<j=C3=BCrgen@example.com>");
    }

    [Fact]
    public void Write_Utf8_HasTheGlobalForms()
    {
        var report = DsnReports.For(DsnReports.Bob
            with { Recipient = new Mailbox("jürgen", "example.com"), OriginalRecipient = "rfc822;jürgen@example.com" });
        var text = DsnReports.Text(report with { To = new Mailbox("älice", "sender.example") });
        text.ShouldContain("\r\nTo: <älice@sender.example>\r\n");
        text.ShouldContain("\r\nContent-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit\r\n");
        text.ShouldContain("\r\nOriginal-Recipient: utf-8; jürgen@example.com\r\nFinal-Recipient: utf-8; jürgen@example.com\r\n");
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("a b=c", "a b=c")]
    [InlineData("a\r\nb=+", "a+0D+0Ab+3D+2B")]
    [InlineData("ä", "+C3+A4")]
    public void Write_EnvelopeId_IsAsGivenOrInXtext(string id, string expected) =>
        DsnReports.Text(DsnReports.Failure with { EnvelopeId = id }).ShouldContain($"\r\nOriginal-Envelope-Id: {expected}\r\n");

    [Theory]
    [InlineData("rfc822;a+b=c@example.com", "rfc822; a+b=c@example.com")]
    [InlineData("x400;/C=de/S=a b", "x400; /C=de/S=a b")]
    [InlineData("utf-8;ü+ü@x", "utf-8; \\x{FC}\\x{2B}\\x{FC}@x")]
    [InlineData("rfc822;a\r\nAction: delivered", "rfc822; a??Action: delivered")]
    [InlineData("utf-8;ü\nü", "utf-8; \\x{FC}?\\x{FC}")]
    [InlineData("rfc822;", null)]
    [InlineData("rfc822; ", null)]
    [InlineData("no type", null)]
    [InlineData(";a@b", null)]
    [InlineData("a b;c", null)]
    [InlineData("a\r\nb;c", null)]
    public void Write_OriginalRecipient_IsAsGivenOrLeftOut(string orcpt, string? expected)
    {
        var text = DsnReports.Text(DsnReports.For(DsnReports.Bob with { OriginalRecipient = orcpt }));
        if (expected is null) text.ShouldNotContain("Original-Recipient");
        else text.ShouldContain($"\r\nOriginal-Recipient: {expected}\r\n");
    }

    [Theory]
    [InlineData("<id@x>", "<id@x>")]
    [InlineData("id@x", "<id@x>")]
    public void Write_MessageId_StandsInOnePairOfBrackets(string id, string expected) =>
        DsnReports.Text(DsnReports.Failure with { MessageId = id }).ShouldContain($"\r\nMessage-ID: {expected}\r\n");
}
