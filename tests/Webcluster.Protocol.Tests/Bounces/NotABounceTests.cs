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
    [InlineData("Re: Undelivered Mail Returned to Sender", "", "> <ann@a.example>: 550 5.1.1 User unknown\nIt could not be delivered, what now?", "other")]
    [InlineData("How to read a failure notice", "", "Mail that could not be delivered comes back: <ann@a.example>: 550 no", "other")]
    [InlineData("Hello", "", "550 things that could not be delivered to ann@a.example", "other")]
    public void Read_MailOfPeopleAndTheirPrograms_IsNoBounce(string subject, string fields, string text, string expected) =>
        ReadMail.Summary($"Return-Path: <jo@people.example>\nFrom: Jo <jo@people.example>\nTo: b@shop.example\nSubject: {subject}\n{fields}\n{text}\n")
            .ShouldBe($"{expected} - - - -");

    [Fact]
    public void Read_AbsenceWithEmptyReturnPath_IsAutoReply() =>
        ReadMail.Summary("Return-Path: <>\nFrom: Jo <jo@people.example>\nSubject: Undeliverable until May\nAuto-Submitted: auto-replied\n\nI could not be reached.\n")
            .ShouldBe("auto-reply - - - -");

    [Theory]
    [InlineData("disposition-notification; boundary=b", "--b\n\nYour message was displayed\n--b\nContent-Type: message/disposition-notification\n\n"
        + "Final-Recipient: rfc822;ann@a.example\nDisposition: manual-action/MDN-sent-manually; deleted\n--b--")]
    [InlineData("disposition-notification", "The message was deleted, it could not be delivered to my attention")]
    public void Read_DispositionNotification_IsReceipt(string type, string body) =>
        ReadMail.Summary($"From: postmaster@people.example\nSubject: Not read: Your order\nContent-Type: multipart/report; report-type={type}\n\n{body}\n")
            .ShouldBe("receipt - - - -");
}
