using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.EndToEnd.Judges;
using Xunit;

namespace Webcluster.EndToEnd.Clients;

/// <summary>Clients that nobody here wrote submit; smtp-sink receives; independent verifiers judge what came out.</summary>
public sealed class SubmittingClientsTests : IAsyncLifetime
{
    private const string Message = "From: Sender <sender@example.com>\r\nTo: you@sink.example\r\nSubject: hello\r\n\r\n.leading dot\r\nlast line\r\n";

    private readonly TemporaryFolder _folder = new();
    private SmtpSink _sink = null!;
    private NodeProcess _node = null!;
    private Unbound _dns = null!;

    public async Task InitializeAsync()
    {
        if (Peers.Missing(["smtp-sink", "unbound"]) is not null) return;
        _sink = await SmtpSink.StartAsync(_folder);
        var settings = new NodeSettings(_folder) { RouteTo = _sink.Port };
        _dns = await Unbound.StartAsync(_folder, settings.DkimZone());
        _node = await NodeProcess.StartAsync(settings);
    }

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        if (_dns is not null) await _dns.DisposeAsync();
        if (_sink is not null) await _sink.DisposeAsync();
        _folder.Dispose();
    }

    [PeerTheory("swaks", "smtp-sink", "unbound")]
    [InlineData("--tls", "PLAIN")]
    [InlineData("--tls", "LOGIN")]
    [InlineData("--tls-on-connect", "PLAIN")]
    [InlineData("--tls-on-connect", "LOGIN")]
    public async Task Swaks_Delivered(string tls, string mechanism)
    {
        var port = tls == "--tls" ? _node.Settings.StartTlsPort : _node.Settings.ImplicitTlsPort;
        var ran = await Tool.RunAsync("swaks",
        [
            "--server", $"127.0.0.1:{port}", tls, "--auth", mechanism, "--auth-user", NodeSettings.User, "--auth-password", NodeSettings.Password,
            "--from", "sender@example.com", "--to", "you@sink.example",
        ]);

        ran.ExitCode.ShouldBe(0, ran.ToString());
        await ArrivedAsync(1);
    }

    [PeerFact("swaks", "smtp-sink", "unbound")]
    public async Task Swaks_WrongPassword_Refused535()
    {
        var ran = await Tool.RunAsync("swaks",
        [
            "--server", $"127.0.0.1:{_node.Settings.StartTlsPort}", "--tls", "--auth", "PLAIN", "--auth-user", NodeSettings.User, "--auth-password", "wrong",
            "--from", "sender@example.com", "--to", "you@sink.example",
        ]);

        ran.ExitCode.ShouldNotBe(0);
        ran.Output.ShouldContain("535 5.7.8");
    }

    [PeerTheory("curl", "smtp-sink", "unbound")]
    [InlineData("smtp", "PLAIN")]
    [InlineData("smtps", "LOGIN")]
    public async Task Curl_Delivered(string scheme, string mechanism)
    {
        var port = scheme == "smtp" ? _node.Settings.StartTlsPort : _node.Settings.ImplicitTlsPort;
        var ran = await Tool.RunAsync("curl",
        [
            "--silent", "--show-error", "--ssl-reqd", "--cacert", _node.Settings.CertificateFile, "--login-options", $"AUTH={mechanism}",
            "--user", $"{NodeSettings.User}:{NodeSettings.Password}", "--mail-from", "sender@example.com", "--mail-rcpt", "you@sink.example",
            "--upload-file", "-", $"{scheme}://localhost:{port}",
        ], Message);

        ran.ExitCode.ShouldBe(0, ran.ToString());
        (await ArrivedAsync(1)).Single().Content.ShouldEndWith("\r\n\r\n.leading dot\r\nlast line\r\n");
    }

    [PeerTheory("/usr/bin/python3", "smtp-sink", "unbound")]
    [InlineData(1, 1_000)]
    [InlineData(50, 100_000)]
    [InlineData(1, 25_000_000)]
    public async Task Smtplib_Delivered(int recipients, int octets)
    {
        const string Program = """
            import smtplib, ssl, sys
            port, recipients, octets, user, password = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
            context = ssl._create_unverified_context()
            with smtplib.SMTP("127.0.0.1", port) as server:
                server.starttls(context=context)
                server.login(user, password)
                line = "x" * 70 + "\r\n"
                body = "From: sender@example.com\r\nTo: all@sink.example\r\nSubject: big\r\n\r\n" + line * (octets // len(line) + 1)
                server.sendmail("sender@example.com", ["r%d@sink.example" % i for i in range(recipients)], body)
            """;
        var ran = await Tool.RunAsync("/usr/bin/python3",
            ["-c", Program, $"{_node.Settings.StartTlsPort}", $"{recipients}", $"{octets}", NodeSettings.User, NodeSettings.Password]);

        ran.ExitCode.ShouldBe(0, ran.ToString());
        var mail = (await ArrivedAsync(1)).Single();
        mail.Recipients.Count.ShouldBe(recipients);
        mail.Content.Length.ShouldBeGreaterThan(octets);
    }

    [PeerFact("/usr/bin/python3", "smtp-sink", "unbound")]
    public async Task Chunks_Delivered()
    {
        const string Program = """
            import smtplib, ssl, sys
            with smtplib.SMTP_SSL("127.0.0.1", int(sys.argv[1]), context=ssl._create_unverified_context()) as server:
                server.login(sys.argv[2], sys.argv[3])
                server.ehlo()
                assert server.has_extn("chunking")
                server.mail("sender@example.com"); server.rcpt("you@sink.example")
                first = b"From: sender@example.com\r\nSubject: in chunks\r\n\r\none\r\n"
                last = b".two\r\n" * 1000
                server.send(b"BDAT %d\r\n" % len(first) + first); code, text = server.getreply(); assert code == 250, text
                server.send(b"BDAT %d LAST\r\n" % len(last) + last); code, text = server.getreply(); assert code == 250, text
            """;
        var ran = await Tool.RunAsync("/usr/bin/python3", ["-c", Program, $"{_node.Settings.ImplicitTlsPort}", NodeSettings.User, NodeSettings.Password]);

        ran.ExitCode.ShouldBe(0, ran.ToString());
        (await ArrivedAsync(1)).Single().Content.ShouldEndWith("\r\n\r\none\r\n" + string.Concat(Enumerable.Repeat(".two\r\n", 1000)));
    }

    [PeerTheory("smtp-source", "smtp-sink", "unbound")]
    [InlineData(200, 1, 1_000)]
    [InlineData(20, 50, 10_000)]
    [InlineData(5, 1, 5_000_000)]
    public async Task SmtpSource_Delivered(int messages, int recipients, int octets)
    {
        var ran = await Tool.RunAsync("smtp-source",
        [
            "-s", "10", "-m", $"{messages}", "-r", $"{recipients}", "-l", $"{octets}", "-f", "sender@example.com", "-t", "you@sink.example",
            $"127.0.0.1:{_node.Settings.TrustedPort}",
        ]);

        ran.ExitCode.ShouldBe(0, ran.ToString());
        (await ArrivedAsync(messages)).ShouldAllBe(mail => mail.Recipients.Count == recipients);
    }

    /// <summary>Waits for the mails, has the verifiers judge them, and checks that nothing came twice and nothing is left.</summary>
    private async Task<IReadOnlyList<SunkMail>> ArrivedAsync(int count)
    {
        await _sink.WaitForAsync(count, TimeSpan.FromSeconds(60), () => _node.Process.Output);
        await _node.EmptiedAsync();
        var mails = _sink.Mails().ToList();
        mails.Count.ShouldBe(count);
        await DkimJudges.ShouldAllPassAsync(_folder, _dns, mails);
        return mails;
    }
}
