using System.Net;
using System.Security.Authentication;
using System.Text;
using Shouldly;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tests.Harness;
using Webcluster.Submission.Tls;
using Xunit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>TLS: the border between clear and encrypted.</summary>
public sealed class StartTlsTests
{
    [Fact]
    [Abuse("TLS-01")]
    public async Task StartTls_WithInputBehindIt_IsRefusedAndCloses()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("EHLO x\r\nSTARTTLS\r\nEHLO injected\r\nNOOP\r\n");
        (await client.ReadToEndAsync()).ShouldEndWith("250 ENHANCEDSTATUSCODES\r\n554 5.5.0 Input behind STARTTLS\r\n");
        (await client.Ended).ShouldBe(SessionEnd.Refused);
    }

    [Fact]
    [Abuse("TLS-02")]
    public async Task StartTls_WithParameter_IsRefused()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("HELO x\r\nSTARTTLS foo\r\nNOOP\r\n");
        (await client.FinishAsync()).ShouldEndWith("501 5.5.4 No parameters allowed\r\n250 2.0.0 Ok\r\n");
    }

    [Fact]
    [Abuse("TLS-03", "TLS-04")]
    public async Task StartTls_Done_ForgetsAllAndIsNotOfferedAgain()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.ExpectAsync("220 ");
        await client.AskAsync("EHLO x", "250-");
        await client.AskAsync("MAIL FROM:<a@x>", "250 2.1.0");
        await client.AskAsync("RCPT TO:<b@y>", "250 2.1.5");
        await client.AskAsync("STARTTLS", "220 2.0.0");
        await client.StartTlsAsync();
        await client.AskAsync("DATA", "503 5.5.1 Send EHLO first");
        (await client.AskAsync("EHLO x", "250-")).ShouldNotContain("STARTTLS");
        await client.AskAsync("DATA", "503 5.5.1 Send MAIL first");
        await client.AskAsync("STARTTLS", "503 5.5.1 TLS already active");
        await client.AskAsync("NOOP", "250");
    }

    [Fact]
    public async Task StartTls_AfterAuth_ForgetsWhoTheClientIs()
    {
        using var server = new SubmissionServer();
        server.Listener.AllowPlainAuth = true;
        var client = server.Connect(IPAddress.Loopback);
        await client.ExpectAsync("220 ");
        await client.AskAsync("EHLO x", "250-");
        await client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");
        await client.AskAsync("STARTTLS", "220 2.0.0");
        await client.StartTlsAsync();
        (await client.AskAsync("EHLO x", "250-")).ShouldContain("250-AUTH PLAIN LOGIN\r\n");
        await client.AskAsync("MAIL FROM:<a@x>", "530 5.7.0 Authentication required");
        await client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");
    }

    [Fact]
    [Abuse("TLS-05")]
    public async Task Auth_InTheClear_IsNotOfferedAndNotHeard()
    {
        using var server = new SubmissionServer();
        var client = server.Connect(SubmissionServer.Stranger);
        await client.ExpectAsync("220 ");
        (await client.AskAsync("EHLO x", "250-")).ShouldNotContain("AUTH");
        await client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "538 5.7.11 ");
        await client.AskAsync("MAIL FROM:<a@x>", "530 5.7.0 Must issue a STARTTLS command first");
    }

    [Fact]
    [Abuse("TLS-06")]
    public async Task Handshake_PlainText_EndsTheSession()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.ExpectAsync("220 ");
        await client.AskAsync("EHLO x", "250-");
        await client.AskAsync("STARTTLS", "220 2.0.0");
        await client.SendAsync("EHLO x\r\n");
        (await client.Ended).ShouldBe(SessionEnd.TlsFailed);
        // At most a TLS alert; nothing that a client could take for a reply.
        (await client.ReadToEndAsync()).ShouldNotContain("250");
    }

    [Theory]
    [InlineData(ListenerTls.StartTls)]
    [InlineData(ListenerTls.Implicit)]
    [Abuse("TLS-07")]
    public async Task Handshake_Silence_TimesOut(ListenerTls tls)
    {
        using var server = new SubmissionServer();
        server.Listener.Tls = tls;
        var client = server.Connect();
        if (tls == ListenerTls.StartTls) await client.SendAsync("EHLO x\r\nSTARTTLS\r\n");
        server.Clock.Advance(TimeSpan.FromSeconds(29));
        client.HasEnded.ShouldBeFalse();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await client.Ended).ShouldBe(SessionEnd.TlsFailed);
    }

    [Fact]
    public async Task Handshake_HalfClose_EndsTheSession()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("EHLO x\r\nSTARTTLS\r\n");
        await client.FinishAsync();
        (await client.Ended).ShouldBe(SessionEnd.TlsFailed);
    }

    [Fact]
    [Abuse("TLS-08")]
    public async Task Chunk_TlsClosedWithin_IsDropped()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        var tls = await client.GreetUnderTlsAsync();
        await client.AskAsync("MAIL FROM:<a@x>", "250");
        await client.AskAsync("RCPT TO:<b@y>", "250");
        await client.SendAsync("BDAT 1000 LAST\r\n0123456789");
        await tls.ShutdownAsync();
        (await client.Ended).ShouldBe(SessionEnd.Lost);
        server.Queue.Stored.ShouldBeEmpty();
        server.Budget.InFlight.ShouldBe(0);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, "\x17\x03\x03\x00\x20" + "0123456789abcdef0123456789abcdef")]
    [InlineData(SslProtocols.Tls13, "\x17\x03\x03\x00\x20" + "0123456789abcdef0123456789abcdef")]
    [InlineData(SslProtocols.Tls12, "NOOP\r\n")]
    [InlineData(SslProtocols.Tls13, "NOOP\r\n")]
    [InlineData(SslProtocols.Tls12, "\x15\x03\x03\x00\x02\x02\x28")]
    [InlineData(SslProtocols.Tls13, "\x14\x03\x03\x00\x01\x01\x14\x03\x03\x00\x01\x02")]
    public async Task Record_NotOfTheSession_EndsIt(SslProtocols version, string octets)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.GreetUnderTlsAsync(version);
        await client.SendRawAsync(octets);
        (await client.Ended).ShouldBe(SessionEnd.Lost);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3")]
    [Abuse("TLS-09")]
    public async Task Handshake_EachVersion_IsInReceived(SslProtocols version, string name)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        var tls = await client.GreetUnderTlsAsync(version);
        await client.SendAsync("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n.\r\nQUIT\r\n");
        foreach (var expected in new[] { "250", "250", "354", "250", "221" }) await client.ExpectAsync(expected);
        (await client.Ended).ShouldBe(SessionEnd.Quit);
        FakeQueue.Text(server.Queue.Single).ShouldContain($"\r\n\t(using {name} with cipher {tls.NegotiatedCipherSuite})");
    }

    [Fact]
    public async Task ImplicitTls_Session_Works()
    {
        using var server = new SubmissionServer();
        server.Listener.Tls = ListenerTls.Implicit;
        var client = server.Connect();
        await client.StartTlsAsync();
        await client.ExpectAsync("220 mx.example ESMTP");
        (await client.AskAsync("EHLO x", "250-")).ShouldContain("250-AUTH PLAIN LOGIN\r\n");
        await client.AskAsync("STARTTLS", "503");
        await client.AskAsync("QUIT", "221");
        (await client.Ended).ShouldBe(SessionEnd.Quit);
    }

    [Fact]
    public async Task StartTls_WithoutCertificate_IsNotOffered()
    {
        using var server = new SubmissionServer { Certificates = new SwappableCertificate() };
        var client = server.Connect();
        await client.ExpectAsync("220 ");
        (await client.AskAsync("EHLO x", "250-")).ShouldNotContain("STARTTLS");
        await client.AskAsync("STARTTLS", "454 4.7.0");
        await client.AskAsync("NOOP", "250");
    }

    [Fact]
    public async Task StartTls_LargeMessageUnderTls_ComesWhole()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.GreetUnderTlsAsync();
        await client.AskAsync("MAIL FROM:<a@x>", "250");
        await client.AskAsync("RCPT TO:<b@y>", "250");
        await client.AskAsync("DATA", "354");
        var body = "From: a@x\r\n\r\n" + string.Concat(Enumerable.Range(0, 40_000).Select(line => $"line {line:00000}\r\n"));
        await client.SendAsync(Encoding.Latin1.GetBytes(body));
        await client.AskAsync(".", "250 2.0.0");
        FakeQueue.Text(server.Queue.Single).ShouldEndWith(body);
    }
}
