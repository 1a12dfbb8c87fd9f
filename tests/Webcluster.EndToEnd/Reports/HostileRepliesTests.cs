using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.TestKit.Peers;
using Xunit;
using static Webcluster.EndToEnd.Reports.ParsedReport;

namespace Webcluster.EndToEnd.Reports;

/// <summary>Replies of a hostile server end as data in the report: they add no field, no part and no line to it.</summary>
public sealed class HostileRepliesTests
{
    [PeerTheory("/usr/bin/python3", "smtp-source", "smtp-sink")]
    [InlineData("550-5.1.1 no\r\n550-Action: delivered\r\n550-\r\n550-\r\n550 Final-Recipient: rfc822; evil@example.net\r\n")]
    [InlineData("550 5.1.1 `id` $(id) ;id|id & '\" \\ {job=\"a\"} %s%n%x {0} {{x}} <b>&amp;\r\n")]
    [InlineData("550 5.1.1 \r\nFrom: evil@example.net\r\n")]
    [InlineData("550-5.1.1 --=_boundary\r\n550-Content-Type: text/html\r\n550 .\r\n")]
    [InlineData("550 5.1.1 \u0085\u00ff\u00c3\u0028\r\n")]
    [InlineData("550 5.1.1 =?utf-8?q?=0D=0AFrom:_evil?= =20=\r\n")]
    [InlineData("550-5.1.1 LONG\r\n550-LONG\r\n550-LONG\r\n550 LONG\r\n")]
    public async Task HostileReply_StandsInTheReportAsData(string reply)
    {
        var report = await ReportAsync(reply, "5d");
        Value(report.Recipient, "status").ShouldBe("5.1.1");
        Value(report.Recipient, "diagnostic-code")!.ShouldStartWith("smtp; 550");
    }

    [PeerTheory("/usr/bin/python3", "smtp-source", "smtp-sink")]
    [InlineData("550 5.1.1 \nFrom: evil@example.net\n\nAction: delivered\r\n")]
    [InlineData("550 5.1.1 \rFrom: evil@example.net\r\r\n")]
    [InlineData("550 5.1.1 \u001b[31m\0\u0007\u007f\r\n")]
    public async Task WhatIsNoReply_IsTriedAgain_UntilTheMailExpires(string reply)
    {
        var report = await ReportAsync(reply, "2s");
        Value(report.Recipient, "status").ShouldBe("5.4.7");
    }

    private static async Task<ParsedReport> ReportAsync(string reply, string lifetime)
    {
        using var folder = new TemporaryFolder();
        await using var reports = await SmtpSink.StartAsync(folder);
        await using var hostile = ScriptedServer.Start(SmtpScript.Greet("node.example.com")
            .On("MAIL FROM:<sender@example.com>\r\n", "250 ok\r\n")
            .On("RCPT TO:<you@hostile.example>\r\n", reply.Replace("LONG", string.Concat(Enumerable.Repeat("long ", 200)), StringComparison.Ordinal))
            .Swallow());
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            More = $"""
                delivery:
                  retry:
                    first: 500ms
                    site_pause: 500ms
                routes:
                  - match: example.com
                    hosts: ['127.0.0.1:{reports.Port}']
                  - match: hostile.example
                    hosts: ['127.0.0.1:{hostile.Port}']
                    tls: none
                """,
            Lifetime = lifetime,
        });
        var ran = await Tool.RunAsync("smtp-source", ["-f", "sender@example.com", "-t", "you@hostile.example", $"127.0.0.1:{node.Settings.TrustedPort}"]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
        await reports.WaitForAsync(1, TimeSpan.FromSeconds(20), () => node.Process.Output);
        await node.EmptiedAsync();
        var mail = reports.Mails().Single();
        var report = await ReadAsync(mail);

        report.Defects.ShouldBeEmpty();
        report.Types.ShouldBe(["text/plain", "message/delivery-status", "text/rfc822-headers"]);
        Value(report.Header, "from")!.ShouldContain("MAILER-DAEMON@node.example.com");
        report.Groups.Count.ShouldBe(2, mail.Content);
        Value(report.Recipient, "final-recipient")!.ShouldEndWith("you@hostile.example");
        Value(report.Recipient, "action").ShouldBe("failed");
        mail.Content.Split("\r\n").ShouldAllBe(line => line.Length <= 998 && !line.Any(letter => letter < ' ' && letter != '\t'));
        // The log is one line an event, whatever a server says.
        node.Process.Output.Split('\n').ShouldAllBe(line => !line.StartsWith("From:", StringComparison.Ordinal) && !line.Any(letter => char.IsControl(letter) && letter != '\t'));
        return report;
    }
}
