using Shouldly;
using Webcluster.Protocol.Tests.Intake;
using Xunit;

namespace Webcluster.Protocol.Tests.Bounces;

public sealed class NotABounceTests
{
    [Theory]
    [InlineData("Automatic reply: Your order", "X-Auto-Response-Suppress: All\n", "I am out of the office.", "auto-reply")]
    [InlineData("Your order", "Auto-Submitted: auto-replied\n", "Away. Mail to me could not be delivered before May.", "auto-reply")]
    [InlineData("Re: Your order", "X-Autoreply: yes\n", "Away", "auto-reply")]
    [InlineData("=?utf-8?q?Abwesenheitsnotiz=3A_Bestellung?=", "", "Ich bin im Urlaub.", "auto-reply")]
    [InlineData("自動返信: 注文", "", "不在です", "auto-reply")]
    [InlineData("Your message to list awaits moderator approval", "", "It is being held: post by non-member.", "auto-reply")]
    [InlineData("Please confirm your message", "", "To reach jo@people.example click here.", "auto-reply")]
    [InlineData("Re: Undelivered Mail Returned to Sender", "",
        "> <ann@a.example>: 550 5.1.1 User unknown\nIt could not be delivered, what now?", "other")]
    [InlineData("How to read a failure notice", "", "Mail that could not be delivered comes back: <ann@a.example>: 550 no", "other")]
    [InlineData("Hello", "", "550 things that could not be delivered to ann@a.example", "other")]
    public void Read_MailOfPeopleAndTheirPrograms_IsNoBounce(string subject, string fields, string text, string expected) =>
        ReadMail.Summary($"Return-Path: <jo@people.example>\nFrom: Jo <jo@people.example>\nTo: b@shop.example\nSubject: "
            + $"{subject}\n{fields}\n{text}\n")
            .ShouldBe($"{expected} - - - -");

    [Theory]
    [InlineData("Parcels <no-reply@parcels.example>", "Delivery failed: we missed you",
        "We were unable to deliver your parcel. Write to depot@parcels.example.")]
    [InlineData("Deliverability Weekly <news@letters.example>", "Why mail is undelivered",
        "550 5.1.1: could not be delivered.\n\nann@a.example: explained.")]
    [InlineData("Mail Administrator <postmaster@isp.example>", "Welcome to your mailbox",
        "If mail cannot be delivered to you, ask\n\nann@a.example")]
    [InlineData("Postmaster Team <postmaster@isp.example>", "Re: Mail delivery failed",
        "Mail that was not delivered to ann@a.example can be sent again.")]
    [InlineData("postmaster@isp.example", "Report Domain: shop.example Submitter: isp.example", "This is a DMARC aggregate report.")]
    [InlineData("Royal Mail Delivery <no-reply@royalmail.example>", "Delivery failed: your parcel",
        "Sorry, we were unable to deliver your parcel today. Write to depot@royalmail.example.")]
    [InlineData("Support <support@people.example>", "Message rejected: ticket 4711 is closed",
        "Your reply could not be delivered to an agent.\n\nNew requests:\n\nhelp@people.example")]
    public void Read_MailWithAReturnPath_IsNoBounce(string from, string subject, string text)
    {
        var mail = $"From: {from}\nTo: b@shop.example\nSubject: {subject}\n\n{text}\n";
        ReadMail.Summary($"Return-Path: <someone@isp.example>\n{mail}").ShouldBe("other - - - -");
        ReadMail.Summary(mail, "someone@isp.example").ShouldBe("other - - - -");
    }

    [Theory]
    [InlineData(null, "other - - - -")]
    [InlineData("jo@people.example", "other - - - -")]
    [InlineData("", "bounce ann@a.example - - permanent")]
    public void Read_ReversePathOfTheEnvelope_CountsBeforeWhatTheHeaderSays(string? reversePath, string expected) =>
        ReadMail.Summary("Return-Path: <someone@isp.example>\nFrom: Gateway <gw@isp.example>\nSubject: Undeliverable: Your order\n\n"
            + "It could not be delivered to ann@a.example.\n", reversePath).ShouldBe(expected);

    [Theory]
    [InlineData("Mail Delivery <x@isp.example>")]
    [InlineData("\"Mail Delivery Service\" <x@isp.example>")]
    [InlineData("x@isp.example (Mail Delivery)")]
    [InlineData("Internet Mail Delivery <postmaster@isp.example>")]
    public void Read_NameThatBeginsWithMailDelivery_IsAMailSystem(string from) =>
        ReadMail.Summary($"From: {from}\nSubject: Your order\n\nIt could not be delivered to ann@a.example.\n", "x@isp.example")
            .ShouldBe("bounce ann@a.example - - permanent");

    [Fact]
    public void Read_AbsenceWithMailerDaemonReturnPath_IsAutoReply() =>
        ReadMail.Summary("Return-Path: <MAILER-DAEMON>\nFrom: Jo <jo@people.example>\nTo: b@shop.example\n"
            + "Subject: Automatic reply: Your order\nAuto-Submitted: auto-replied\n\n"
            + "I am on leave. If I could not be reached, ask ben@people.example.\n")
            .ShouldBe("auto-reply - - - -");

    [Fact]
    public void Read_TextOfAGatewayWithMailerDaemonReturnPath_IsABounce() =>
        ReadMail.Summary("Return-Path: <MAILER-DAEMON>\nFrom: Gateway <gw@isp.example>\nSubject: Undeliverable: Your order\n\n"
            + "It could not be delivered to ann@a.example.\n").ShouldBe("bounce ann@a.example - - permanent");

    [Fact]
    public void Read_AbsenceWithEmptyReturnPath_IsAutoReply() =>
        ReadMail.Summary("Return-Path: <>\nFrom: Jo <jo@people.example>\nSubject: Undeliverable until May\nAuto-Submitted: "
            + "auto-replied\n\nI could not be reached.\n")
            .ShouldBe("auto-reply - - - -");

    [Theory]
    [InlineData("disposition-notification; boundary=b", "--b\n\nYour message was displayed\n--b\nContent-Type: "
        + "message/disposition-notification\n\n"
        + "Final-Recipient: rfc822;ann@a.example\nDisposition: manual-action/MDN-sent-manually; deleted\n--b--")]
    [InlineData("disposition-notification", "The message was deleted, it could not be delivered to my attention")]
    public void Read_DispositionNotification_IsReceipt(string type, string body) =>
        ReadMail.Summary($"From: postmaster@people.example\nSubject: Not read: Your order\nContent-Type: multipart/report; "
            + $"report-type={type}\n\n{body}\n")
            .ShouldBe("receipt - - - -");
}
