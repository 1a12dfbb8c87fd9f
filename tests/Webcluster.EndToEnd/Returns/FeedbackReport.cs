using Shouldly;

namespace Webcluster.EndToEnd.Returns;

/// <summary>A complaint as large providers send it (RFC 5965), written by Python's email: the address of whoever complains is taken out of
/// the mail that it returns.</summary>
internal static class FeedbackReport
{
    private const string Program = """
        import email, re, sys
        from email import policy
        from email.message import Message
        from email.mime.base import MIMEBase
        from email.mime.message import MIMEMessage
        from email.mime.multipart import MIMEMultipart
        from email.mime.text import MIMEText
        from email.utils import formatdate

        kept = re.sub(r'ann@kept\.example', 'redacted-5f1c@kept.example', sys.stdin.read())
        kept = re.sub(r'^(Return-Path|Delivered-To|X-Original-To):.*\n', '', kept, flags=re.MULTILINE)
        report = MIMEMultipart('report', **{'report-type': 'feedback-report'})
        report['From'] = 'Feedback loop <feedback@provider.example>'
        report['To'] = 'fbl@bounce.example.com'
        report['Subject'] = 'FW: ' + str(email.message_from_string(kept)['Subject'])
        report['Date'] = formatdate()
        report.attach(MIMEText('This is an email abuse report for a message received from IP 127.0.0.1.', 'plain', 'utf-8'))
        fields = MIMEBase('message', 'feedback-report')
        facts = Message()
        for name, value in [('Feedback-Type', 'abuse'), ('User-Agent', 'Provider-FBL/1.0'), ('Version', '1'),
                            ('Original-Mail-From', 'redacted'), ('Source-IP', '127.0.0.1'), ('Reported-Domain', 'example.com'),
                            ('Arrival-Date', formatdate())]:
            facts[name] = value
        fields.set_payload([facts])
        report.attach(fields)
        report.attach(MIMEMessage(email.message_from_string(kept)))
        sys.stdout.write(report.as_string(policy=policy.SMTP))
        """;

    public static async Task<string> OfAsync(string mail)
    {
        var ran = await Tool.RunAsync("python3", ["-c", Program], mail.ReplaceLineEndings("\n"));
        ran.ExitCode.ShouldBe(0, ran.ToString());
        return ran.Output;
    }
}
