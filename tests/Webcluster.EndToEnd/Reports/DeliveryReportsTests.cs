using Shouldly;
using Webcluster.EndToEnd.Harness;
using Xunit;
using static Webcluster.EndToEnd.Reports.ParsedReport;

namespace Webcluster.EndToEnd.Reports;

/// <summary>Delivery status notifications (RFC 3461, RFC 3464) as asked for by Python's smtplib and read by Python's email
/// parser.</summary>
public sealed class DeliveryReportsTests : IAsyncLifetime
{
    private const string Program = """
        import smtplib, sys
        port, mail_options, recipient, *rcpt_options = sys.argv[1:]
        with smtplib.SMTP("127.0.0.1", int(port)) as server:
            server.ehlo()
            assert server.has_extn("dsn")
            body = "From: sender@example.com\r\nSubject: about this\r\n\r\nsecret body\r\n"
            server.sendmail("sender@example.com", [recipient], body, mail_options.split(), rcpt_options)
        """;

    private readonly TemporaryFolder _folder = new();
    private SimulatorProcess _simulator = null!;
    private SmtpSink _reports = null!, _withDsn = null!;
    private NodeProcess _node = null!;

    public async Task InitializeAsync()
    {
        if (Peers.Missing(["smtp-sink"]) is not null) return;
        _simulator = await SimulatorProcess.StartAsync(_folder);
        _reports = await SmtpSink.StartAsync(_folder);
        _withDsn = await SmtpSink.StartAsync(_folder);
        _node = await NodeProcess.StartAsync(new NodeSettings(_folder)
        {
            More = $"""
                delivery:
                  retry:
                    first: 500ms
                    longest: 1s
                    delay_notice: 1s
                routes:
                  - match: example.com
                    hosts: ['127.0.0.1:{_reports.Port}']
                  - match: sink.example
                    hosts: ['127.0.0.1:{_withDsn.Port}']
                  - match: sim.example
                    hosts: ['127.0.0.1:{_simulator.Port}']
                    tls: none
                """,
        });
    }

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        if (_withDsn is not null) await _withDsn.DisposeAsync();
        if (_reports is not null) await _reports.DisposeAsync();
        if (_simulator is not null) await _simulator.DisposeAsync();
        _folder.Dispose();
    }

    [PeerTheory("/usr/bin/python3", "smtp-sink")]
    [InlineData("HDRS", "text/rfc822-headers")]
    [InlineData("FULL", "message/rfc822")]
    public async Task UserUnknown_FailureIsReported(string @return, string lastPart)
    {
        await SendAsync($"RET={@return} ENVID=QQ314159", "user-unknown@sim.example", "NOTIFY=SUCCESS,FAILURE,DELAY", "ORCPT=rfc822;Bob+2B1@dest.example");
        var report = await ReportAsync();

        Value(report.Header, "auto-submitted").ShouldBe("auto-replied");
        Value(report.Header, "from")!.ShouldContain("MAILER-DAEMON@node.example.com");
        report.Types.ShouldBe(["text/plain", "message/delivery-status", lastPart]);
        Value(report.Message, "reporting-mta").ShouldBe("dns; node.example.com", StringCompareShould.IgnoreCase);
        Value(report.Message, "original-envelope-id").ShouldBe("QQ314159");
        Value(report.Recipient, "original-recipient")!.ShouldBe("rfc822; Bob+1@dest.example");
        Value(report.Recipient, "final-recipient")!.ShouldEndWith("user-unknown@sim.example");
        Value(report.Recipient, "action").ShouldBe("failed");
        Value(report.Recipient, "status").ShouldBe("5.1.1");
        Value(report.Recipient, "diagnostic-code")!.ShouldStartWith("smtp; 550 5.1.1");
        report.Original.ShouldContain("Subject: about this");
        report.Original.Contains("secret body").ShouldBe(@return == "FULL");
    }

    [PeerFact("/usr/bin/python3", "smtp-sink")]
    public async Task ServerWithoutDsn_SuccessIsReportedAsRelayed()
    {
        await SendAsync("RET=HDRS ENVID=e1", "deliver@sim.example", "NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;deliver@sim.example");
        var report = await ReportAsync();

        Value(report.Recipient, "action").ShouldBe("relayed");
        Value(report.Recipient, "status")!.ShouldStartWith("2.");
        Value(report.Message, "original-envelope-id").ShouldBe("e1");
        (await _simulator.MessagesAsync()).GetArrayLength().ShouldBe(1);
    }

    [PeerFact("/usr/bin/python3", "smtp-sink")]
    public async Task ServerWithDsn_IsAskedForTheReport()
    {
        await SendAsync("RET=HDRS ENVID=e3", "you@sink.example", "NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;Bob+2B1@dest.example");
        await _node.EmptiedAsync();

        var mail = _withDsn.Mails().Single();
        foreach (var parameter in new[] { "RET=HDRS", "ENVID=e3" }) mail.MailArguments.Split(' ').ShouldContain(parameter);
        foreach (var parameter in new[] { "NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;Bob+2B1@dest.example" }) mail.RecipientArguments[0].Split(' ').ShouldContain(parameter);
        _reports.Count.ShouldBe(0);
    }

    [PeerFact("/usr/bin/python3", "smtp-sink")]
    public async Task RefusedForNow_DelayIsReportedOnce()
    {
        await SendAsync("RET=HDRS ENVID=e2", "450-4.2.1@sim.example", "NOTIFY=DELAY,FAILURE");
        await _reports.WaitForAsync(1, TimeSpan.FromSeconds(30), () => _node.Process.Output);
        // Two further attempts.
        await Task.Delay(2500);
        _reports.Count.ShouldBe(1, "the delay is told of once");
        var report = await ReadAsync(_reports.Mails().Single());

        report.Defects.ShouldBeEmpty();
        Value(report.Recipient, "action").ShouldBe("delayed");
        Value(report.Recipient, "status")!.ShouldStartWith("4.");
        Value(report.Recipient, "will-retry-until").ShouldNotBeNull();
        (await _node.QueuedAsync()).ShouldBe(1);
    }

    [PeerTheory("/usr/bin/python3", "smtp-sink")]
    [InlineData("user-unknown@sim.example", "NOTIFY=NEVER")]
    [InlineData("user-unknown@sim.example", "NOTIFY=SUCCESS,DELAY")]
    [InlineData("you@sink.example", "NOTIFY=FAILURE")]
    public async Task NotAskedFor_NotReported(string recipient, string notify)
    {
        await SendAsync("", recipient, notify);
        await _node.EmptiedAsync();
        _reports.Count.ShouldBe(0);
    }

    private async Task SendAsync(string mailOptions, string recipient, params string[] recipientOptions)
    {
        var ran = await Tool.RunAsync("/usr/bin/python3", ["-c", Program, $"{_node.Settings.TrustedPort}", mailOptions, recipient, .. recipientOptions]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
    }

    private async Task<ParsedReport> ReportAsync()
    {
        await _reports.WaitForAsync(1, TimeSpan.FromSeconds(30), () => _node.Process.Output);
        await _node.EmptiedAsync();
        var mail = _reports.Mails().Single();
        mail.Recipients.ShouldBe(["sender@example.com"]);
        var report = await ReadAsync(mail);
        report.Defects.ShouldBeEmpty();
        report.ReportType.ShouldBe("delivery-status");
        return report;
    }
}
