using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.EndToEnd.Reports;
using Xunit;

namespace Webcluster.EndToEnd.Clients;

/// <summary>SMTPUTF8 (RFC 6531) in chunks (RFC 3030), sent by Python: to a server that knows SMTPUTF8, and to one that does not.</summary>
public sealed class InternationalMailTests : IAsyncLifetime
{
    private const string Program = """
        import smtplib, sys
        port, sender, recipient = int(sys.argv[1]), sys.argv[2], sys.argv[3]
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.ehlo()
            assert server.has_extn("smtputf8") and server.has_extn("chunking")
            server.command_encoding = "utf-8"
            code, text = server.mail(sender, ["SMTPUTF8", "BODY=8BITMIME"]); assert code == 250, text
            code, text = server.rcpt(recipient); assert code == 250, text
            message = ("From: <%s>\r\nTo: <%s>\r\nSubject: grüße 你好\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                       "Content-Transfer-Encoding: 8bit\r\n\r\nänderung\r\n.\r\n..\r\nend\r\n" % (sender, recipient)).encode()
            for i in range(0, len(message), 7):  # Chunks end within characters and line ends.
                chunk = message[i:i + 7]
                server.send(b"BDAT %d\r\n" % len(chunk) + chunk); code, text = server.getreply(); assert code == 250, text
            server.send(b"BDAT 0 LAST\r\n"); code, text = server.getreply(); assert code == 250, text
        """;

    private readonly TemporaryFolder _folder = new();
    private SimulatorProcess _simulator = null!;
    private SmtpSink _asciiOnly = null!;
    private NodeProcess _node = null!;

    public async Task InitializeAsync()
    {
        if (Peers.Missing(["smtp-sink"]) is not null) return;
        _simulator = await SimulatorProcess.StartAsync(_folder);
        _asciiOnly = await SmtpSink.StartAsync(_folder);
        _node = await NodeProcess.StartAsync(new NodeSettings(_folder)
        {
            More = $"""
                routes:
                  - match: sink.example
                    hosts: ['127.0.0.1:{_asciiOnly.Port}']
                  - match: '*'
                    hosts: ['127.0.0.1:{_simulator.Port}']
                    tls: none
                """,
        });
    }

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        if (_asciiOnly is not null) await _asciiOnly.DisposeAsync();
        if (_simulator is not null) await _simulator.DisposeAsync();
        _folder.Dispose();
    }

    [PeerTheory("/usr/bin/python3", "smtp-sink")]
    [InlineData("jörg@example.com", "你好@sim.example")]
    [InlineData("sender@example.com", "plain@sim.example")]
    public async Task ServerWithSmtpUtf8_GetsItAsItWas(string sender, string recipient)
    {
        await SendAsync(sender, recipient);
        await _node.EmptiedAsync();
        var message = (await _simulator.MessagesAsync()).EnumerateArray().Single();

        message.GetProperty("sender").GetString()!.Trim('<', '>').ShouldBe(sender);
        message.GetProperty("recipients")[0].GetString()!.Trim('<', '>').ShouldBe(recipient);
        var raw = await _simulator.RawAsync(message.GetProperty("id").ToString());
        raw.ShouldContain($"\r\nFrom: <{sender}>\r\nTo: <{recipient}>\r\nSubject: grüße 你好\r\n");
        raw.ShouldEndWith("\r\n\r\nänderung\r\n.\r\n..\r\nend\r\n");
    }

    [PeerFact("/usr/bin/python3", "smtp-sink")]
    public async Task ServerWithoutSmtpUtf8_MailFails_SenderIsTold()
    {
        await SendAsync("sender@example.com", "jörg@sink.example");
        await _node.EmptiedAsync();
        _asciiOnly.Count.ShouldBe(0);
        var message = (await _simulator.MessagesAsync()).EnumerateArray().Single();
        message.GetProperty("recipients")[0].GetString()!.Trim('<', '>').ShouldBe("sender@example.com");
        var raw = await _simulator.RawAsync(message.GetProperty("id").ToString());

        var report = await ParsedReport.ReadAsync(new SunkMail(["sender@example.com"], System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(raw))));
        report.Defects.ShouldBeEmpty();
        report.Types[1].ShouldBe("message/global-delivery-status");
        ParsedReport.Value(report.Recipient, "status").ShouldBe("5.6.7");
        ParsedReport.Value(report.Recipient, "final-recipient").ShouldBe("utf-8; jörg@sink.example");
    }

    private async Task SendAsync(string sender, string recipient)
    {
        var ran = await Tool.RunAsync("/usr/bin/python3", ["-c", Program, $"{_node.Settings.TrustedPort}", sender, recipient]);
        ran.ExitCode.ShouldBe(0, $"{ran}\n{_node.Process.Output}");
    }
}
