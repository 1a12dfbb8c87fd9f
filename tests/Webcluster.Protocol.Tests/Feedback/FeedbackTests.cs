using System.Text;
using Shouldly;
using Webcluster.Protocol.Tests.Intake;
using Webcluster.Protocol.Tokens;
using Xunit;

namespace Webcluster.Protocol.Tests.Feedback;

public sealed class FeedbackTests
{
    private static readonly string Token = new ReturnToken(
        TokenKind.ReturnPath, Guid.NewGuid(), RecipientMark.Several, new DateOnly(2027, 1, 1))
        .Write(new TokenKeyRing([TokenKey.Create(1, new string('x', 32), out _)!]));

    [Theory]
    [InlineData("Feedback-Type: abuse\nOriginal-Rcpt-To: ann@a.example", "complaint ann@a.example")]
    [InlineData("Feedback-Type: fraud\nOriginal-Rcpt-To: <ann@a.example>", "complaint ann@a.example")]
    [InlineData("Feedback-Type: virus", "complaint listed@elsewhere.example")]
    [InlineData("Version: 1", "complaint listed@elsewhere.example")]
    [InlineData("feedback-type: Abuse\nOriginal-Rcpt-To: ann@a.example\nOriginal-Rcpt-To: ben@b.example",
        "complaint ann@a.example|complaint ben@b.example")]
    [InlineData("\nAn empty line before\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: ann@a.example", "complaint ann@a.example")]
    [InlineData("Feedback-Type: opt-out\nRemoval-Recipient: ann@a.example", "opt-out ann@a.example")]
    [InlineData("Feedback-Type: opt-out-list\nOriginal-Rcpt-To: ann@a.example", "opt-out ann@a.example")]
    [InlineData("Feedback-Type: not-spam\nOriginal-Rcpt-To: ann@a.example", "not-spam ann@a.example")]
    [InlineData("Feedback-Type: auth-failure\nOriginal-Rcpt-To: ann@a.example\nAuth-Failure: dmarc", "auth-failure ann@a.example")]
    public void Read_Report_HasKindAndRecipients(string fields, string expected) =>
        string.Join('|', ReadMail.Summary(Report(fields)).Split('\n').Select(line => line.Replace(" - - -", "",
            StringComparison.Ordinal))).ShouldBe(expected);

    [Fact]
    public void Read_SignedHeader_IsTheReference() =>
        ReadMail.Reports(Report("Feedback-Type: abuse", $"X-Webcluster-Ref: {Token}\n"))[0].Reference.ShouldBe(Token);

    [Fact]
    public void Read_ReturnPath_IsTheReference()
    {
        ReadMail.Reports(Report($"Feedback-Type: abuse\nOriginal-Mail-From: <b+{Token}@bounce.shop.example>"))[0].Reference.ShouldBe(Token);
        ReadMail.Reports(Report("Feedback-Type: abuse", $"Return-Path: "
            + $"<B+{Token.ToUpperInvariant()}@bounce.shop.example>\n"))[0].Reference.ShouldBe(Token);
        ReadMail.Reports(ReadMail.Bounce("failure notice", "unable to deliver\n<ann@a.example>:\nno",
            $"Delivered-To: b+{Token}@bounce.shop.example\n"))[0]
            .Reference.ShouldBe(Token);
    }

    [Fact]
    public void Read_PromisedPartMissing_IsStillAComplaint() =>
        ReadMail.Summary("From: fbl@isp.example\nSubject: x\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
            + "Feedback-Type: abuse\nOriginal-Rcpt-To: ann@a.example\n").ShouldBe("complaint ann@a.example - - -");

    [Theory]
    [InlineData("staff@hotmail.com", "complaint about message from 192.0.2.1", "X-HmXmrOriginalRecipient: ann@a.example\n",
        "complaint ann@a.example - - -")]
    [InlineData("feedbackloop@isp.example", "Abuse report", "", "complaint listed@elsewhere.example - - -")]
    [InlineData("jo@people.example", "have a look", "", "other - - - -")]
    public void Read_ForwardedMessage_IsAComplaintWhereTwoThingsSaySo(string from, string subject, string fields, string expected) =>
        ReadMail.Summary($"From: {from}\nSubject: {subject}\nContent-Type: "
            + $"message/rfc822\n\n{fields}{ReadMail.Returned}").ShouldBe(expected);

    [Theory]
    [InlineData("From: postmaster@relay.example", "multipart/report; report-type=delivery-status; boundary=b")]
    [InlineData("From: postmaster@relay.example", "multipart/mixed; boundary=b")]
    [InlineData("From: MAILER-DAEMON@relay.example", "multipart/report; boundary=b")]
    public void Read_DeliveryStatusWithTwoSignsOfAComplaint_IsABounce(string from, string type) =>
        ReadMail.Summary($"{from}\nSubject: Undeliverable: [SPAM] Your order\nContent-Type: {type}\n\n--b\nContent-Type: text/plain\n\n"
            + "It could not be delivered: 550 5.7.1 message marked as spam\n"
            + "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; ann@a.example\n"
            + "Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 5.7.1 message marked as spam\n\n"
            + $"--b\nContent-Type: message/rfc822\n\n{ReadMail.Returned}\n--b--\n").ShouldBe("bounce ann@a.example 5.7.1 550 permanent");

    [Fact]
    public void Read_TextBounceOfPostmasterAboutSpam_IsABounce() =>
        ReadMail.Summary("Return-Path: <>\nFrom: Postmaster <postmaster@relay.example>\nTo: sender@shop.example\n"
            + "Subject: Undeliverable: [SPAM] Your order\n\nYour message to ann@a.example could not be delivered:\n"
            + $"550 5.7.1 message marked as spam\n\n----- Original message -----\n\n{ReadMail.Returned}")
            .ShouldBe("bounce ann@a.example 5.7.1 550 permanent");

    /// <summary>Words of answers and of bounces are in the subjects of many messages.</summary>
    [Theory]
    [InlineData("fbl@isp.example", "[SPAM] Thank you for your order", "Thank you for your order", "complaint")]
    [InlineData("abuse@isp.example", "[SPAM] =?utf-8?q?Please_confirm_your_order?=", "Please confirm\n your order", "complaint")]
    [InlineData("fbl@isp.example", "Your vacation", "Your vacation", "complaint")]
    [InlineData("postmaster-fbl@isp.example", "[SPAM] Delivery of your order 42", "Delivery of your order 42", "complaint")]
    [InlineData("fbl@isp.example", "Thank you for your spam report: Hi", "Hi", "auto-reply")]
    [InlineData("jo@people.example", "Automatic reply: spam report", "y", "auto-reply")]
    public void Read_MessageForwardedUnderItsOwnSubject_IsAComplaint(string from, string subject, string original, string expected) =>
        ReadMail.Summary($"From: {from}\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
            + "A user of ours, ann@a.example, reported as spam:\n--b\nContent-Type: message/rfc822\n\n"
            + ReadMail.Returned.Replace("Your order", original, StringComparison.Ordinal) + "\n--b--\n")
            .ShouldBe($"{expected} {(expected == "complaint" ? "listed@elsewhere.example" : "-")} - - -");

    private const string Quoted = "\n\nFrom: Shop <news@shop.example>\nTo: Jo <jo@people.example>\nDate: Sun, 22 Nov 2026 10:00:00 +0000\n"
        + "Subject: Your daily spam report\n\n3 messages to you were marked as spam.\n";

    private const string QuotedWhole = "\n\nReceived: from shop.example by mx.people.example; Sun, 22 Nov 2026 10:00:00 +0000" + Quoted;

    [Theory]
    [InlineData("From: Jo <jo@people.example>\nSubject: Automatic reply: Your daily spam report\nAuto-Submitted: auto-replied\n"
        + "X-Auto-Response-Suppress: All\n\nI am away until Monday: marked as spam", QuotedWhole, "auto-reply")]
    [InlineData("From: Jo <jo@people.example>\nSubject: Your daily spam report\n\nWhy is this marked as spam?", Quoted, "other")]
    [InlineData("From: Jo <jo@people.example>\nSubject: Your daily spam report\n\nMarked as spam?\n\n-----Original Message-----", Quoted,
        "other")]
    [InlineData("From: complaints@utility.example\nSubject: Re: Your letter\n\nThanks for your spam complaint.", QuotedWhole, "other")]
    public void Read_AbsenceNoteAboutASpamReport_IsAnAutoReply(string answer, string quoted, string expected) =>
        ReadMail.Summary($"To: b@bounce.shop.example\n{answer}{quoted}").ShouldBe($"{expected} - - - -");

    [Theory]
    [InlineData("Subject: unsubscribe\n")]
    [InlineData("Subject: x\nX-Apple-Unsubscribe: true\nAuto-Submitted: auto-replied\n")]
    public void Read_Unsubscribe_IsOptOut(string fields) =>
        ReadMail.Summary($"From: Ann <ann@a.example>\n{fields}\n\n").ShouldBe("opt-out ann@a.example - - -");

    [Theory]
    [InlineData("{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":\"ann@a.example\"}]}}",
        "complaint ann@a.example - - -")]
    [InlineData("{\"notificationType\":\"Complaint\",\"complaint\":{\"complaintFeedbackType\":\"abuse\",\"complainedRecipients\":"
        + "[{\"emailAddress\":\"ann@a.example\"}]}}", "complaint ann@a.example - - -")]
    [InlineData("{\"notificationType\":\"Complaint\",\"complaint\":{\"complaintFeedbackType\":\"not-spam\",\"complainedRecipients\":"
        + "[{\"emailAddress\":\"ann@a.example\"}]}}", "not-spam ann@a.example - - -")]
    [InlineData("{\"notificationType\":\"Complaint\",\"complaint\":{\"complaintFeedbackType\":\"auth-failure\",\"complainedRecipients\":"
        + "[{\"emailAddress\":\"ann@a.example\"}]}}", "auth-failure ann@a.example - - -")]
    [InlineData("{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"ann@a.example\","
        + "\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}]}}", "bounce ann@a.example 5.1.1 550 permanent")]
    [InlineData("{\"Type\":\"Notification\",\"Message\":\"{\\\"notificationType\\\":\\\"Delivery\\\","
        + "\\\"delivery\\\":{\\\"recipients\\\":[\\\"ann@a.example\\\"]}}\"}",
        "delivered ann@a.example - - -")]
    [InlineData("{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Transient\",\"bounceSubType\":\"General\","
        + "\"bouncedRecipients\":[{\"emailAddress\":\"ann@a.example\"}]}}", "bounce ann@a.example 4.0.0 - temporary")]
    [InlineData("{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Undetermined\","
        + "\"bouncedRecipients\":[{\"emailAddress\":\"ann@a.example\"}]}}", "bounce ann@a.example 4.0.0 - temporary")]
    [InlineData("{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\","
        + "\"bouncedRecipients\":[{\"emailAddress\":\"ann@a.example\"}]}}", "bounce ann@a.example 5.0.0 - permanent")]
    [InlineData("{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Transient\",\"bouncedRecipients\":"
        + "[{\"emailAddress\":\"ann@a.example\",\"diagnosticCode\":\"smtp; 550 user unknown\"}]}}", "bounce ann@a.example - 550 permanent")]
    [InlineData("{\"notificationType\":\"Bounce\",\"bounce\":[]}", "other - - - -")]
    [InlineData("{\"notificationType\":", "other - - - -")]
    [InlineData("{", "other - - - -")]
    public void Read_SesNotification_IsWhatItSays(string json, string expected) =>
        ReadMail.Summary($"From: no-reply@sns.example\nSubject: Notification\n\n{json}\n").ShouldBe(expected);

    /// <summary>Its JSON holds the header of the mail, in one line: base64 keeps it whole, relays fold it where it stands.</summary>
    [Fact]
    public void Read_SesNotificationInOneLongLine_IsRead() =>
        ReadMail.Summary("From: no-reply@sns.example\nSubject: Notification\nContent-Transfer-Encoding: base64\n\n"
            + Convert.ToBase64String(Encoding.UTF8.GetBytes(LongBounce(5000, "bounce@a.example"))) + "\n")
            .ShouldBe("bounce bounce@a.example 5.1.1 - permanent");

    [Theory]
    [InlineData("!\n ", 990)]
    [InlineData("!\r\n\t", 990)]
    [InlineData("\n ", 998)]
    public void Read_SesNotificationFoldedByARelay_IsRead(string fold, int at)
    {
        // Inside the address, then between a backslash and what it escapes.
        foreach (var mark in new[] { "bou", "\\" })
        {
            var json = LongBounce(0, "bounce@a.example");
            var filled = LongBounce(at - json.IndexOf(mark, StringComparison.Ordinal) - mark.Length, "bounce@a.example");
            var cut = filled.IndexOf(mark, StringComparison.Ordinal) + mark.Length;

            ReadMail.Summary($"From: no-reply@sns.example\nSubject: Notification\n\n{filled[..cut]}{fold}{filled[cut..]}\n")
                .ShouldBe("bounce bounce@a.example 5.1.1 - permanent");
        }
    }

    private static string LongBounce(int fill, string recipient) =>
        "{\"mail\":{\"headers\":[{\"name\":\"X\",\"value\":\"" + new string('a', fill) + "\\\"\"}]},\"notificationType\":\"Bounce\","
            + "\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"" + recipient + "\",\"status\":\"5.1.1\"}]}}";

    private static string Report(string fields, string original = "") =>
        "From: fbl@isp.example\nTo: fbl@shop.example\nSubject: FW: Your order\n"
            + "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: text/plain\n\nThis is an "
            + "email abuse report.\n"
            + $"--b\nContent-Type: message/feedback-report\n\n{fields}\n\n--b\nContent-Type: "
                + $"message/rfc822\n\n{original}{ReadMail.Returned}\n--b--\n";
}
