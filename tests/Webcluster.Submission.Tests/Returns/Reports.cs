namespace Webcluster.Submission.Tests.Returns;

/// <summary>Mails as they come back.</summary>
internal static class Reports
{
    public static string Dsn(string recipient, string status = "5.1.1", string diagnostic = "550 5.1.1 User unknown", string action = "failed") =>
        $"""
        From: MAILER-DAEMON@mx.example.org
        To: somebody@bounce.example.com
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="x"

        --x
        Content-Type: text/plain

        Your message could not be delivered.

        --x
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org

        Final-Recipient: rfc822; {recipient}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {diagnostic}

        --x--

        """.ReplaceLineEndings("\r\n");

    /// <param name="reference">Of the message's own header; "": it has none.</param>
    public static string Complaint(string reference, string type = "abuse") => $"""
        From: feedback@isp.example
        To: fbl@bounce.example.com
        Subject: FW: news
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="x"

        --x
        Content-Type: text/plain

        This is an email abuse report.

        --x
        Content-Type: message/feedback-report

        Feedback-Type: {type}
        User-Agent: ISP/1.0
        Version: 1

        --x
        Content-Type: message/rfc822

        From: news@shop.example
        To: redacted@isp.example
        Subject: news
        {(reference.Length == 0 ? "X-Nothing: here" : $"X-Webcluster-Ref: {reference}")}

        hello

        --x--

        """.ReplaceLineEndings("\r\n");

    public static string AutoReply { get; } = """
        From: ann@example.org
        Subject: Out of office: news
        Auto-Submitted: auto-replied
        Content-Type: text/plain

        I am away until Monday.

        """.ReplaceLineEndings("\r\n");
}
