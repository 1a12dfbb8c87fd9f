using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Webcluster.Node.FirstRun;
using Webcluster.Node.Simulator;
using Webcluster.Node.Tls;
using Webcluster.Submission.Tls;
using Xunit;

namespace Webcluster.Node.Tests.Simulator;

public sealed class SimulatorServerTests : IAsyncLifetime
{
    private static readonly ConnectionFault[] Faults = [.. Enum.GetValues<ConnectionFault>().Where(fault => fault != ConnectionFault.None)];

    private readonly TemporaryFolder _folder = new();
    private readonly SimulatorMailbox _mailbox = new(100);
    private readonly SimulatorServer _server;

    public SimulatorServerTests()
    {
        var tls = new TlsOptions { Certificate = Path.Combine(_folder.Path, "cert.pem"), Key = Path.Combine(_folder.Path, "key.pem") };
        SelfSignedCertificate.Ensure(tls.Certificate, tls.Key, DateTimeOffset.UtcNow);
        var certificate = new SwappableCertificate();
        ServerCertificate.TryLoad(tls, certificate, out _).ShouldBeTrue();
        var options = new SimulatorOptions
        {
            Enabled = true,
            Listen = "127.0.0.1:0",
            Faults =
            [
                .. Faults.Select(fault => new SimulatorFaultOptions
                {
                    Fault = fault, Listen = "127.0.0.1:0", Delay = TimeSpan.FromMilliseconds(200),
                }),
            ],
        };
        _server = new SimulatorServer(options, _mailbox, certificate, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public Task InitializeAsync() => _server.StartAsync(CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Session_OrdinaryMail_IsTakenWithItsEnvelopeAndBytes()
    {
        await using var talk = await SmtpTalk.ConnectAsync(Main);
        (await talk.HearAsync()).ShouldBe("220 simulator.test ESMTP Webcluster simulator");
        (await talk.SayAsync("EHLO client.example")).ShouldBe(
            "250-simulator.test|250-PIPELINING|250-8BITMIME|250-SMTPUTF8|250-ENHANCEDSTATUSCODES|250-STARTTLS|250 SIZE 52428800");
        (await talk.SayAsync("MAIL FROM:<a@example.com>")).ShouldBe("250 2.1.0 ok");
        (await talk.SayAsync("RCPT TO:<b@example.net>")).ShouldBe("250 2.1.5 ok");
        (await talk.SayAsync("RCPT TO:<c@example.net>")).ShouldBe("250 2.1.5 ok");
        (await talk.SayAsync("DATA")).ShouldBe("354 go on");
        (await talk.SayAsync("Subject: =?utf-8?q?hi?=\r\n\r\n..dot\r\n.")).ShouldBe("250 2.0.0 taken as 1");
        (await talk.SayAsync("QUIT")).ShouldBe("221 2.0.0 bye");
        (await talk.HearAsync()).ShouldBeEmpty();

        var message = _mailbox.Latest().ShouldHaveSingleItem();
        (message.Sender, message.Subject, message.Tls).ShouldBe(("a@example.com", "=?utf-8?q?hi?=", null));
        message.Recipients.ShouldBe(["b@example.net", "c@example.net"]);
        Encoding.UTF8.GetString(message.Content.Span).ShouldBe("Subject: =?utf-8?q?hi?=\r\n\r\n.dot\r\n");
    }

    [Fact]
    public async Task Session_StartTls_TakesMailOverTls()
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        (await talk.SayAsync("STARTTLS")).ShouldBe("220 2.0.0 ready");
        await talk.StartTlsAsync();
        (await talk.SayAsync("EHLO client.example")).ShouldNotContain("STARTTLS");
        (await SendMailAsync(talk, "anna")).ShouldBe("250 2.0.0 taken as 1");
        _mailbox.Latest()[0].Tls.ShouldBe("TLSv1.3");
    }

    [Fact]
    public async Task Session_InputBehindStartTls_IsRefused()
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        (await talk.SayAsync("STARTTLS\r\nMAIL FROM:<evil@example.com>")).ShouldBe("554 5.5.0 input behind STARTTLS");
        (await talk.HearAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("MAIL FROM:<a@example.com>", "RCPT TO:<user-unknown@x.example>", "550 5.1.1 no such user")]
    [InlineData("MAIL FROM:<a@example.com>", "RCPT TO:<mailbox-full@x.example>", "552 5.2.2 mailbox full")]
    [InlineData("MAIL FROM:<a@example.com>", "RCPT TO:<451@x.example>", "451 4.0.0 as the local part asks")]
    [InlineData("MAIL FROM:<a@example.com>", "MAIL FROM:<b@example.com>", "503 5.5.1 sender already given")]
    [InlineData("MAIL FROM:<mail-450-4.1.8@example.com>", null, "450 4.1.8 as the local part asks")]
    [InlineData("RCPT TO:<a@x.example>", null, "503 5.5.1 MAIL first")]
    [InlineData("DATA", null, "503 5.5.1 MAIL first")]
    [InlineData("MAIL FROM:<>", "DATA", "554 5.5.1 no valid recipients")]
    [InlineData("MAIL FROM:<a@x.example> SIZE=52428801", null, "552 5.3.4 message too large")]
    [InlineData("MAIL FROM:a", null, "501 5.5.2 syntax error")]
    [InlineData("BDAT 1 LAST", null, "502 5.5.1 command not implemented")]
    [InlineData("XYZZY", null, "500 5.5.1 command not recognized")]
    [InlineData("VRFY anna", null, "252 2.0.0 send it and see")]
    public async Task Session_Command_IsAnsweredAndGoesOn(string first, string? second, string expected)
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        var reply = await talk.SayAsync(first);
        if (second is not null) reply = await talk.SayAsync(second);
        reply.ShouldBe(expected);
        (await talk.SayAsync("NOOP")).ShouldBe("250 2.0.0 ok");
    }

    [Theory]
    [InlineData("421-4.7.0", "421 4.7.0 as the local part asks")]
    [InlineData("421-after-0", "421 4.7.0 too much mail on this connection")]
    [InlineData("drop-at-rcpt", "")]
    public async Task Session_RecipientThatCloses_EndsTheConnection(string localPart, string expected)
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        await talk.SayAsync("MAIL FROM:<a@example.com>");
        (await talk.SayAsync($"RCPT TO:<{localPart}@x.example>")).ShouldBe(expected);
        (await talk.HearAsync()).ShouldBeEmpty();
        _mailbox.Taken.ShouldBe(0);
    }

    [Theory]
    [InlineData("dot-554-5.6.0", "554 5.6.0 as the local part asks", 0)]
    [InlineData("spam", "550 5.7.1 content refused", 0)]
    [InlineData("data-451", "451 4.0.0 as the local part asks", 0)]
    [InlineData("slow-rcpt-0", "250 2.0.0 taken as 1", 1)]
    [InlineData("slow-dot-0", "250 2.0.0 taken as 1", 1)]
    [InlineData("drop-before-dot", "", 0)]
    [InlineData("drop-after-dot", "", 1)]
    public async Task Session_ContentBehaviour_ShowsAtItsStage(string localPart, string expected, int taken)
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        (await SendMailAsync(talk, localPart)).ShouldBe(expected);
        _mailbox.Taken.ShouldBe(taken);
    }

    [Fact]
    public async Task Session_OneOfTwoRecipientsRefusesTheContent_RefusesIt()
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        (await SendMailAsync(talk, "anna", "dot-451")).ShouldBe("451 4.0.0 as the local part asks");
        (await SendMailAsync(talk, "anna")).ShouldBe("250 2.0.0 taken as 1");
    }

    [Fact]
    public async Task Session_Greylist_RefusesOnceForSenderAndRecipient()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await using var talk = await SmtpTalk.GreetedAsync(Main);
            await talk.SayAsync("MAIL FROM:<a@example.com>");
            (await talk.SayAsync("RCPT TO:<greylist@x.example>"))
                .ShouldBe(attempt == 0 ? "451 4.7.1 greylisted, try again" : "250 2.1.5 ok");
            (await talk.SayAsync("RCPT TO:<greylist+2@x.example>"))
                .ShouldBe(attempt == 0 ? "451 4.7.1 greylisted, try again" : "250 2.1.5 ok");
        }
    }

    [Fact]
    public async Task Session_ExhaustAfterTwo_RefusesTheThirdMessage()
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        (await SendMailAsync(talk, "421-after-2")).ShouldBe("250 2.0.0 taken as 1");
        (await SendMailAsync(talk, "421-after-2")).ShouldBe("250 2.0.0 taken as 2");
        await talk.SayAsync("MAIL FROM:<a@example.com>");
        (await talk.SayAsync("RCPT TO:<421-after-2@x.example>")).ShouldBe("421 4.7.0 too much mail on this connection");
    }

    [Theory]
    [InlineData("bare\nLF\r\n.", "550 5.6.0 content has BareLf")]
    [InlineData("bare\rCR\r\n.", "550 5.6.0 content has BareCr")]
    public async Task Session_WrongLineEnds_AreRefused(string content, string expected)
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        await talk.SayAsync("MAIL FROM:<a@example.com>");
        await talk.SayAsync("RCPT TO:<b@example.net>");
        await talk.SayAsync("DATA");
        (await talk.SayAsync(content)).ShouldBe(expected);
    }

    [Fact]
    public async Task Session_PipelinedTransaction_IsAnsweredInOrder()
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        await talk.SendAsync("MAIL FROM:<a@example.com>\r\nRCPT TO:<550@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n");
        var replies = new List<string>();
        for (var i = 0; i < 4; i++) replies.Add(await talk.HearAsync());
        replies.ShouldBe(["250 2.1.0 ok", "550 5.0.0 as the local part asks", "250 2.1.5 ok", "354 go on"]);
    }

    [Theory]
    [InlineData(ConnectionFault.Busy, "421 4.7.0 busy, try again later")]
    [InlineData(ConnectionFault.Refused, "554 5.7.1 no mail from you")]
    [InlineData(ConnectionFault.Drop, "")]
    public async Task Fault_AtTheGreeting_EndsTheConnection(ConnectionFault fault, string expected)
    {
        await using var talk = await SmtpTalk.ConnectAsync(AddressOf(fault));
        (await talk.HearAsync()).ShouldBe(expected);
        if (expected.Length > 0) (await talk.HearAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ConnectionFault.SlowBanner)]
    [InlineData(ConnectionFault.SlowHello)]
    public async Task Fault_Slow_AnswersInTheEnd(ConnectionFault fault)
    {
        await using var talk = await SmtpTalk.GreetedAsync(AddressOf(fault));
        (await SendMailAsync(talk, "anna")).ShouldBe("250 2.0.0 taken as 1");
    }

    [Fact]
    public async Task Fault_TlsAbsent_OffersNone()
    {
        await using var talk = await SmtpTalk.ConnectAsync(AddressOf(ConnectionFault.TlsAbsent));
        await talk.HearAsync();
        (await talk.SayAsync("EHLO x.example")).ShouldNotContain("STARTTLS");
        (await talk.SayAsync("STARTTLS")).ShouldBe("502 5.5.1 command not implemented");
    }

    [Fact]
    public async Task Fault_TlsBroken_FailsTheHandshake()
    {
        await using var talk = await SmtpTalk.GreetedAsync(AddressOf(ConnectionFault.TlsBroken));
        (await talk.SayAsync("STARTTLS")).ShouldBe("220 2.0.0 ready");
        await Should.ThrowAsync<Exception>(talk.StartTlsAsync);
    }

    [Fact]
    public async Task StopAsync_OpenSession_IsTold421()
    {
        await using var idle = await SmtpTalk.GreetedAsync(Main);
        var stopping = _server.StopAsync(CancellationToken.None);
        (await idle.HearAsync()).ShouldBe("421 4.3.2 shutting down");
        await stopping;
    }

    [Fact]
    public async Task StopAsync_ContentUnderWay_IsFinished()
    {
        await using var talk = await SmtpTalk.GreetedAsync(Main);
        await talk.SayAsync("MAIL FROM:<a@example.com>");
        await talk.SayAsync("RCPT TO:<b@example.net>");
        await talk.SayAsync("DATA");
        var stopping = _server.StopAsync(CancellationToken.None);
        (await talk.SayAsync("Subject: late\r\n\r\n.")).ShouldBe("250 2.0.0 taken as 1");
        (await talk.HearAsync()).ShouldBe("421 4.3.2 shutting down");
        await stopping;
    }

    private IPEndPoint Main => _server.Addresses.First();

    private IPEndPoint AddressOf(ConnectionFault fault) => _server.Addresses.ElementAt(1 + Array.IndexOf(Faults, fault));

    /// <summary>The last reply: that to the dot, or an earlier one that was no success.</summary>
    private static async Task<string> SendMailAsync(SmtpTalk talk, params string[] localParts)
    {
        await talk.SayAsync("MAIL FROM:<a@example.com>");
        foreach (var localPart in localParts) await talk.SayAsync($"RCPT TO:<{localPart}@x.example>");
        var reply = await talk.SayAsync("DATA");
        return reply == "354 go on" ? await talk.SayAsync("Subject: x\r\n\r\nbody\r\n.") : reply;
    }
}
