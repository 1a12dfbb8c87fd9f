using Shouldly;
using Webcluster.Protocol.Tests.Intake;
using Xunit;

namespace Webcluster.Protocol.Tests.Bounces;

/// <summary>One mail in the manner of each kind of mail system that writes no delivery status.</summary>
public sealed class TextBounceTests
{
    public static TheoryData<string, string, string> Mails => new()
    {
        {
            "failure notice",
            "Hi. This is the qmail-send program at relay.example.\nI'm afraid I wasn't able to deliver your message to the following "
                + "addresses.\n"
                + "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<ann@a.example>:\n192.0.2.7 does not like "
                + "recipient.\n"
                + "Remote host said: 550 5.1.1 no mailbox of that name\nGiving up on 192.0.2.7.\n\n<ben@b.example>:\n"
                + "Sorry, I couldn't find any host named b.example. (#5.1.2)\n\n--- Below this line is a copy of the message.\n\n"
                + ReadMail.Returned,
            "bounce ann@a.example 5.1.1 550 permanent\nbounce ben@b.example 5.1.2 - permanent"
        },
        {
            "Mail delivery failed: returning message to sender",
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or "
                + "more of its\n"
                + "recipients. This is a permanent error. The following address(es) failed:\n\n  ann@a.example\n    host mx.a.example "
                + "[192.0.2.7]\n"
                + "    SMTP error from remote mail server after RCPT TO:<ann@a.example>:\n    552 5.2.2 over quota\n\n"
                + "------ This is a copy of the message, including all the headers. ------\n\n" + ReadMail.Returned,
            "bounce ann@a.example 5.2.2 552 permanent"
        },
        {
            "Warning: message 1abc-00 delayed 24 hours",
            "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the "
                + "queue.\n\n"
                + "The address to which the message has not yet been delivered is:\n\n  ann@a.example\n    Delay reason: 451 4.7.1 "
                + "greylisted\n\n"
                + "No action is required on your part. Delivery attempts will continue for some time.\n",
            "delay ann@a.example 4.7.1 451 temporary"
        },
        {
            "系统退信",
            "您的邮件被退回。\n\n收件人：ann@a.example\n错误信息：452 Mailbox busy, try again later\n",
            "bounce ann@a.example - 452 temporary"
        },
        {
            "Warning: message 1abc-00 delayed 24 hours",
            "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to "
                + "one or more of its\nrecipients after more than 24 hours on the queue on mx.relay.example.\n\n"
                + "The address to which the message has not yet been delivered is:\n\n  ann@a.example\n    host mx.a.example [192.0.2.7]\n"
                + "    Delay reason: Connection timed out\n\n"
                + "No action is required on your part. Delivery attempts will continue for\nsome time, and this warning may be repeated at "
                + "intervals if the message\nremains undelivered. Eventually the mail delivery software will give up,\nand when that "
                + "happens, the message will be\nreturned to you.\n",
            "delay ann@a.example - - temporary"
        },
        {
            "Message delayed",
            "It could not be delivered yet:\n\n  ann@a.example\n\nThe server will keep trying for 3 more days before giving up.\n",
            "delay ann@a.example - - temporary"
        },
        {
            "Message delayed",
            "Delivery attempts will continue no more: it has been returned to you.\n\n  ann@a.example\n",
            "bounce ann@a.example - - permanent"
        },
        {
            "Returned mail: User unknown",
            "   ----- Transcript of session follows -----\nWhile talking to mx.a.example:\n>>> RCPT To:<ann@a.example>\n<<< 550 who is "
                + "that?\n"
                + "550 <ann@a.example>... User unknown\n554 <ben@b.example>... 550 Host unknown\n   ----- Unsent message follows -----\n"
                + ReadMail.Returned,
            "bounce ann@a.example - 550 permanent\nbounce ben@b.example - 554 permanent"
        },
        {
            "Undelivered Mail Returned to Sender",
            "This is the Postfix program at host relay.example.\n\nI'm sorry to have to inform you that the message returned\nbelow could "
                + "not be delivered "
                + "to one or more destinations.\n\nFor further assistance, please contact <postmaster@relay.example>\n\n"
                + "<ann@a.example>: host mx.a.example[192.0.2.7] said: 450 4.2.1 mailbox\n    busy (in reply to RCPT TO command)\n",
            "bounce ann@a.example 4.2.1 450 temporary"
        },
        {
            "Delivery Status Notification (Failure)",
            "Delivery to the following recipient failed permanently:\n\n     ann@a.example\n\nTechnical details of permanent failure:\n"
                + "The server for the domain rejected it. The error that the other server returned was:\n550-5.1.1 The account\n"
                + "550 5.1.1 is not there\n\n----- Original message -----\n\n" + ReadMail.Returned,
            "bounce ann@a.example 5.1.1 550 permanent"
        },
        {
            "Undeliverable: Your order",
            "Your message\n\n  To:      ann@a.example\n  Subject: Your order\n  Sent:    Sun, 22 Nov 2026 10:00:00 +0000\n\n"
                + "did not reach the following recipient(s):\n\nann@a.example on Sun, 22 Nov 2026 10:00:01 +0000\n    The recipient name "
                + "is not recognized\n",
            "bounce ann@a.example - - permanent"
        },
        {
            "DELIVERY FAILURE: User ann not listed",
            "Your message\n\n  Subject: Your order\n\nwas not delivered to:\n\n  ann@a.example\n\nbecause:\n\n  User ann (ann@a.example) "
                + "not listed\n",
            "bounce ann@a.example - - permanent"
        },
        {
            "Undeliverable Mail", "User mailbox exceeds allowed size: ann@a.example\n\nOriginal message follows.\n\n" + ReadMail.Returned,
            "bounce ann@a.example - - permanent"
        },
        {
            "Delivery failure",
            "Message from a.example.\nUnable to deliver message to the following address(es).\n\n<ann@a.example>:\nThis account is over "
                + "quota.\n\n"
                + "--- Original message follows.\n\n" + ReadMail.Returned,
            "bounce ann@a.example - - permanent"
        },
        {
            "Delivery status notification: error",
            "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred while attempting "
                + "to deliver a message for\n"
                + "    the following list of recipients:\n\nann@a.example: 550 5.1.1 nobody\nben@b.example: 552 5.2.2 full\n\n    Below is "
                + "a copy of the original message:\n\n"
                + ReadMail.Returned,
            "bounce ann@a.example 5.1.1 550 permanent\nbounce ben@b.example 5.2.2 552 permanent"
        },
        {
            "Unzustellbar: Bestellung", "Die Nachricht konnte nicht zugestellt werden an:\n\nEmpfänger: ann@a.example\nDas Postfach ist "
                + "voll.\n",
            "bounce ann@a.example - - permanent"
        },
        {
            "=?utf-8?B?6YWN5L+h44Ko44Op44O8?=", "次の宛先に配信できませんでした。\n\n<ann@a.example>\n\nメールアドレスが見つかりません。\n",
            "bounce ann@a.example - - permanent"
        },
        {
            "Undeliverable Mail: Your order",
            "Your message:\n   From:    sender@shop.example\n   Subject: Your order\n\nCould not be delivered because of\n\n550 5.1.1 User "
                + "unknown\n\n"
                + "The following recipients were affected:\n    ann@a.example\n    ben@b.example\n\nAdditional Information\nMessageName:  "
                + "<B1.mml@relay.example>\n",
            "bounce ann@a.example 5.1.1 550 permanent\nbounce ben@b.example 5.1.1 550 permanent"
        },
        {
            "There was an error sending your mail",
            "We had trouble delivering your message.\n\nSMTP Server <mx.a.example> rejected recipient <ann@a.example>\n"
                + "  (Error following RCPT command). It responded as follows: [550 5.1.1 User unknown]\n",
            "bounce ann@a.example 5.1.1 550 permanent"
        },
        {
            "Mail System Error - Returned Mail",
            "Your message was not delivered because the destination computer refused it.\n\nYour message was rejected by a.example for the "
                + "following reason:\n\n"
                + "     5.1.1 unknown user\n\nThe following recipients did not receive this message:\n\n     <ann@a.example>\n\n"
                + "Please reply to Postmaster@relay.example\nif you feel this message to be in error.\n",
            "bounce ann@a.example 5.1.1 - permanent"
        },
        {
            "Mail could not be delivered",
            "Sent >>> RCPT TO:<ann@a.example>\nReceived <<< 550 5.1.1 <ann@a.example>... User unknown\n\nUnable to deliver message to "
                + "<ann@a.example>.\n",
            "bounce ann@a.example 5.1.1 550 permanent"
        },
        {
            "Undelivered Mail Returned to Sender",
            "This is the mail system at host a.example: it could not be delivered.\n\n<ann@a.example> (expanded from\n    "
                + "<list@a.example>): unknown user: \"ann\"\n",
            "bounce ann@a.example - - permanent"
        },
        {
            "Mail delivery failed",
            "I'm sorry to have to inform you that the message below could not be delivered.\n\n-----------------------------------\n"
                + ReadMail.Bounce("Undelivered", "The message returned below could not be delivered.\n\n<ann@a.example>: host mx said: 450 "
                    + "4.2.1 busy\n",
                    "Received: by mx.relay.example; Sun, 22 Nov 2026 10:00:00 +0000\n"),
            "bounce ann@a.example 4.2.1 450 temporary"
        },
        {
            "Mail delivery failed", "Mail could not be delivered.\n\nNothing more is known.\n\n----- Original message "
                + "-----\n\n" + ReadMail.Returned,
            "bounce listed@elsewhere.example - - permanent"
        },
        { "Mail delivery failed", "Mail could not be delivered.\n", "bounce - - - permanent" },
        {
            "failure notice",
            "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n<ann@a.example>:\n"
                + "I was unable to contact any mail exchanger of a.example.\n\n<ben@b.example>:\n192.0.2.7 does not like recipient.\n"
                + "Remote host said: 550 5.1.1 no mailbox of that name\n\n<cem@c.example>:\nSupport for c.example has ended.\n\n"
                + "<dan@d.example>:\nThis account is over quota.\n",
            "bounce ann@a.example - - permanent\nbounce ben@b.example 5.1.1 550 permanent\nbounce cem@c.example - - permanent\n"
                + "bounce dan@d.example - - permanent"
        },
        {
            "Message undeliverable: Your order",
            "Your message did not reach some or all of the intended recipients.\n\n   ann@gmail.example\n   Error Type: SMTP\n"
                + "   Remote server replied: 550-5.1.1 The account does not exist. https://support.google.com/mail/?p=NoSuchUser x - gsmtp\n"
                + "\n   ben@b.example\n   Error Type: SMTP\n   Remote server replied: 550 5.1.2 No such host\n",
            "bounce ann@gmail.example 5.1.1 550 permanent\nbounce ben@b.example 5.1.2 550 permanent"
        },
        {
            "Undeliverable",
            "It could not be delivered.\n\nRecipient: ann@a.example\nReason: host could not be contacted\n\n"
                + "Recipient: ben@b.example\nReason: 550 5.1.1 User unknown\n",
            "bounce ann@a.example - - permanent\nbounce ben@b.example 5.1.1 550 permanent"
        },
    };

    private const string Refused = "Your message to ann@a.example could not be delivered: 550 5.1.1 User unknown\n\n";

    [Theory]
    [InlineData(Refused + "If you need help write to:\n\nhelpdesk@isp.example\n", "ann@a.example")]
    [InlineData(Refused + "Contact:\n<jo@isp.example>\n", "ann@a.example")]
    [InlineData(Refused + "For help contact\n\njo@isp.example\n\n<<< 550 5.1.1 <ann@a.example> unknown\n", "ann@a.example")]
    [InlineData("It could not be delivered to:\n\nann@a.example\n550 5.1.1 User unknown\n\nFor help contact:\n\njo@isp.example\n",
        "ann@a.example")]
    [InlineData(Refused + "--\nISP Ltd.\nEmail address: support@isp.example\n", "ann@a.example")]
    [InlineData("For help see our pages.\n\nIt could not be delivered to:\n\nhelpdesk@isp.example\n", "helpdesk@isp.example")]
    [InlineData("It could not be delivered to:\n\nann@a.example\nsupport@isp.example\n", "ann@a.example support@isp.example")]
    [InlineData("What jo@other.example sent could not be delivered to:\n\nsupport@isp.example\n550 5.1.1 User unknown\n",
        "support@isp.example")]
    [InlineData("Mail to support@isp.example could not be delivered. Questions?\n\nsupport@isp.example\n", "support@isp.example")]
    public void Read_ContactAddressOnALineOfItsOwn_IsNotTheRecipient(string text, string expected) =>
        string.Join(' ', ReadMail.Reports(ReadMail.Bounce("Undeliverable mail", text)).Select(report => report.Recipient))
            .ShouldBe(expected);

    [Theory]
    [MemberData(nameof(Mails))]
    public void Read_Mail_HasItsRecipientsAndCodes(string subject, string text, string expected) =>
        ReadMail.Summary(ReadMail.Bounce(subject, text)).ShouldBe(expected);

    /// <summary>Subject and text say in Japanese that it could not be delivered; nothing says what they are written in.</summary>
    [Theory]
    [InlineData("\u001b$BG[?.%(%i!<\u001b(B", "\u001b$B<!$N08@h$KG[?.$G$-$^$;$s$G$7$?!#\u001b(B")]
    [InlineData("\u001b$BG[?.%(%i!<\u001b(B", "Sorry.")]
    [InlineData("Sorry", "\u001b$B<!$N08@h$KG[?.$G$-$^$;$s$G$7$?!#\u001b(B")]
    public void Read_UndeclaredIso2022Jp_IsRead(string subject, string text) =>
        ReadMail.Summary($"Return-Path: <>\nFrom: postmaster@isp.example\nSubject: {subject}\n\n{text}\n\n<ann@a.example>\n")
            .ShouldBe("bounce ann@a.example - - permanent");

    [Fact]
    public void Read_ReturnedMessage_GivesItsId() =>
        ReadMail.Reports(ReadMail.Bounce("failure notice", "I wasn't able to deliver it: unable to deliver.\n<ann@a.example>:\nno\n\n--- "
            + "Below this line is a copy "
            + "of the message.\n\n" + ReadMail.Returned)).ShouldHaveSingleItem().MessageId.ShouldBe("42@shop.example");

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Read_OtherLineEnds_AreTheSame(string lineEnd)
    {
        var mail = ReadMail.Bounce("failure notice", "Unable to deliver.\n\n<ann@a.example>:\n550 5.1.1 nobody\n\n--- Below this line is a "
            + "copy of the message.\n\n"
            + ReadMail.Returned);
        ReadMail.Summary(mail.Replace("\n", lineEnd, StringComparison.Ordinal)).ShouldBe(ReadMail.Summary(mail));
    }

    [Fact]
    public void Read_FailedRecipientsField_CountsWhereTheTextNamesNone() =>
        ReadMail.Summary(ReadMail.Bounce("Mail delivery failed", "could not be delivered\n  pipe to |/usr/bin/x\n",
            "X-Failed-Recipients: ann@a.example,\n ben@b.example\n"))
            .ShouldBe("bounce ann@a.example - - permanent\nbounce ben@b.example - - permanent");
}
