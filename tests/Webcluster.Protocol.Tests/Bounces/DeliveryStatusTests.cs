using Shouldly;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Tests.Intake;
using Xunit;

namespace Webcluster.Protocol.Tests.Bounces;

public sealed class DeliveryStatusTests
{
    public static TheoryData<string, string> Statuses => new()
    {
        {
            "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@a.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 "
                + "5.1.1 nobody\n of that name",
            "bounce ann@a.example 5.1.1 550 permanent"
        },
        {
            "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@a.example\nAction: failed\nStatus: 5.2.2\n\n"
                + "Final-Recipient: rfc822; ben@b.example\nAction: delayed\nStatus: 4.4.1\n\nFinal-Recipient: rfc822; "
                + "cat@c.example\nAction: delivered\nStatus: 2.0.0\n\n"
                + "Final-Recipient: rfc822; dan@d.example\nAction: relayed\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; "
                + "eve@e.example\nAction: expanded\nStatus: 2.0.0",
            "bounce ann@a.example 5.2.2 - permanent\ndelay ben@b.example 4.4.1 - temporary\ndelivered cat@c.example 2.0.0 - -\n"
                + "relayed dan@d.example 2.0.0 - -\nexpanded eve@e.example 2.0.0 - -"
        },
        {
            "Final-Recipient: rfc822; ann@a.example\nAction: failed\nStatus: 5.0.0\nFinal-Recipient: rfc822; ben@b.example\nAction: "
                + "failed\nStatus: 5.1.1",
            "bounce ann@a.example 5.0.0 - permanent\nbounce ben@b.example 5.1.1 - permanent"
        },
        { "Final-Recipient: rfc822; ann@a.example\nAction: failed\nStatus: 4.4.7", "bounce ann@a.example 4.4.7 - temporary" },
        { "Original-Recipient: rfc822;ann@a.example\nFinal-Recipient: system;<>\nAction: failed\nStatus: 5.0.0",
            "bounce ann@a.example 5.0.0 - permanent" },
        { "Final-Recipient: rfc822;@old.example:ann@server\nOriginal-Recipient: rfc822;ann@a.example\nAction: failed",
            "bounce ann@a.example - - permanent" },
        { "Final-Recipient: utf-8; \\x{E4}nn@a.example\nAction: failed\nStatus: 5.6.7", "bounce änn@a.example 5.6.7 - permanent" },
        { "final-recipient: RFC822;<ann@a.example>\naction: Failed (bad address)\nstatus: 5.1.1 (no such user)",
            "bounce ann@a.example 5.1.1 - permanent" },
        { "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.7.1 no", "bounce told@t.example 5.7.1 550 permanent" },
        { "Final-Recipient: rfc822; ann@a.example\nAction: failed\nStatus: 4.0.0\nDiagnostic-Code: smtp; 550 5.7.1 no",
            "bounce ann@a.example 5.7.1 550 permanent" },
        { "Final-Recipient: rfc822; \"a..b\"@a.example\nAction: failed\nStatus: 5.1.1", "bounce a..b@a.example 5.1.1 - permanent" },
        { "Final-Recipient: rfc822; ann@a.example\nStatus: 2.1.5", "delivered ann@a.example 2.1.5 - -" },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Read_Status_HasItsRecipients(string status, string expected)
    {
        ReadMail.Summary(Report("message/delivery-status", status)).ShouldBe(expected);
        ReadMail.Summary(Report("message/global-delivery-status", status)).ShouldBe(expected);
        ReadMail.Summary(Report("message/delivery-status", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(status)),
            "base64")).ShouldBe(expected);
    }

    [Theory]
    [InlineData("multipart/report; report-type=delivery-status",
        "bounce ann@a.example 5.1.1 - permanent\ndelay ben@b.example 4.4.1 - temporary")]
    [InlineData("multipart/mixed", "other - - - -")]
    public void Read_StatusInATextPartOfADeliveryReport_Counts(string type, string expected) =>
        ReadMail.Summary("From: noreply@mail.isp.example\nTo: sender@shop.example\nSubject: Undelivered mail\n"
            + $"Content-Type: {type}; boundary=b\n\n"
            + "--b\nContent-Type: text/plain\n\nThe mail could not be delivered.\n--b\nContent-Type: text/plain; name=details.txt\n\n"
            + "Reporting-MTA: dns; mail.isp.example\n\nFinal-Recipient: rfc822; ann@a.example\nAction: failed\nStatus: 5.1.1\n\n"
            + "Final-Recipient: rfc822; ben@b.example\nAction: delayed\nStatus: 4.4.1\n--b--\n").ShouldBe(expected);

    [Fact]
    public void Read_StatusInText_CountsFromAMailSystemOnly()
    {
        const string text = "An error occurred while trying to deliver the mail.\n\nTechnical report:\n\nAction: failed\nFinal-Recipient: "
            + "rfc822; ann@a.example\nStatus: 5.1.1\n";
        ReadMail.Summary(ReadMail.Bounce("Delivery Status Notification (Failure)",
            text)).ShouldBe("bounce ann@a.example 5.1.1 - permanent");
        ReadMail.Summary($"From: Jo <jo@people.example>\nTo: me@shop.example\nSubject: what is this?\n\n{text}").ShouldBe("other - - - -");
    }

    [Fact]
    public void Read_Original_IsKeptBesideTheFinalRecipient()
    {
        var report = ReadMail.Reports(Report("message/delivery-status",
            "Original-Recipient: rfc822; ann@a.example\nFinal-Recipient: rfc822; ann@other.example\nAction: failed\nStatus: "
                + "5.1.1")).ShouldHaveSingleItem();
        report.Recipient.ShouldBe("ann@other.example");
        report.OriginalRecipient.ShouldBe("ann@a.example");
        report.MessageId.ShouldBe("42@shop.example");
    }

    [Fact]
    public void Read_MoreRecipientsThanTheLimit_AreThatMany()
    {
        var groups = string.Concat(Enumerable.Range(0, 3000).Select(n =>
            $"Final-Recipient: rfc822; r{n}@a.example\nAction: failed\nStatus: 5.1.1\n\n"));
        ReadMail.Reports(Report("message/delivery-status", groups)).Count.ShouldBe(ReportLimits.Default.MaxReports);
    }

    private static string Report(string type, string status, string encoding = "8bit") =>
        ReadMail.Bounce("Undelivered Mail Returned to Sender",
        "--b\nContent-Type: text/plain\n\nThis could not be delivered:\n\n<told@t.example>\n\n"
            + $"--b\nContent-Type: {type}\nContent-Transfer-Encoding: {encoding}\n\n{status}\n\n--b\nContent-Type: "
                + $"message/rfc822\n\n{ReadMail.Returned}\n--b--",
        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n");
}
