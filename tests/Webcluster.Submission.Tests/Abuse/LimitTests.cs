using System.Net;
using System.Text;
using Shouldly;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>LIM: whatever a peer can make large, many or slow.</summary>
public sealed class LimitTests
{
    private const string Envelope = "HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n";

    [Theory]
    [InlineData(2046, "500 5.5.1 Command not recognized")] // and CRLF: 2,048
    [InlineData(2047, "500 5.5.2 Line too long")]
    [InlineData(10_000_000, "500 5.5.2 Line too long")]
    [Abuse("LIM-01")]
    public async Task Line_Long_IsRefused(int length, string reply)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(Encoding.ASCII.GetBytes(new string('A', length)));
        await client.SendAsync("\r\n");
        await client.ExpectAsync("220");
        await client.ExpectAsync(reply);
        if (length > 2046) (await client.Ended).ShouldBe(SessionEnd.Refused);
        else await client.AskAsync("NOOP", "250");
    }

    [Theory]
    [InlineData(998, "250 2.0.0")]
    [InlineData(999, "550 5.6.0 Message has a line of more than 998 octets")]
    [InlineData(1000, "550 5.6.0")]
    [InlineData(10_000, "550 5.6.0")]
    [InlineData(10_000_000, "550 5.6.0")]
    [Abuse("LIM-02")]
    public async Task TextLine_Long_IsRefused(int length, string reply)
    {
        using var server = new SubmissionServer();
        var client = await OpenAsync(server);
        await client.AskAsync("DATA", "354");
        await client.AskAsync($"From: a@x\r\n\r\n{new string('x', length)}\r\n.", reply);
    }

    [Fact]
    [Abuse("LIM-03", "LIM-04")]
    public async Task Message_TooLarge_IsReadToItsEndAndRefused()
    {
        using var server = new SubmissionServer();
        server.Options.Limits.MessageSize = new(64 * 1024);
        var client = server.Connect();
        var most = "From: a@x\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 62) + "\r\n", 1024));
        most = most[..(64 * 1024 - 2)] + "\r\n";
        await client.SendAsync(
            "HELO x\r\nMAIL FROM:<a@x> SIZE=65537\r\nMAIL FROM:<a@x> SIZE=65536\r\nRCPT TO:<b@y>\r\nDATA\r\n" + most + ".\r\n");
        await client.SendAsync("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n" + most + "\r\n.\r\nNOOP\r\n");
        (await client.FinishAsync()).ShouldBe(
            "220 mx.example ESMTP\r\n250 mx.example\r\n552 5.3.4 Message too large\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n"
            + "354 End data with <CR><LF>.<CR><LF>\r\n"
            + "250 2.0.0 Ok: queued as ID\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n"
            + "552 5.3.4 Message too large\r\n250 2.0.0 Ok\r\n");
        server.Queue.Single.Content.Body.Length.ShouldBe(64 * 1024);
        server.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    [Abuse("LIM-05")]
    public async Task Command_InDrops_TimesOutAsAWhole()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        for (var octet = 0; octet < 9; octet++)
        {
            await client.SendAsync("N");
            server.Clock.Advance(TimeSpan.FromSeconds(30));
            client.HasEnded.ShouldBeFalse();
        }

        server.Clock.Advance(TimeSpan.FromSeconds(30));
        (await client.ReadToEndAsync()).ShouldEndWith("421 4.4.2 Timed out waiting for a command\r\n");
    }

    [Fact]
    public async Task Login_TakesTooLong_TimesOut()
    {
        using var server = new SubmissionServer();
        var client = server.Connect(SubmissionServer.Stranger);
        server.Clock.Advance(TimeSpan.FromSeconds(119));
        await client.SendAsync("NOOP\r\n");
        client.HasEnded.ShouldBeFalse();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await client.ReadToEndAsync()).ShouldEndWith("250 2.0.0 Ok\r\n421 4.4.2 Timed out waiting for a command\r\n");
    }

    [Fact]
    public async Task Content_InDrops_TimesOutByItsRate()
    {
        using var server = new SubmissionServer();
        var client = await OpenAsync(server);
        await client.AskAsync("DATA", "354");
        var seconds = 0;
        while (!client.HasEnded && seconds < 3600)
        {
            await client.SendAsync("x");
            server.Clock.Advance(TimeSpan.FromSeconds(4));
            seconds += 4;
        }

        // Five minutes, and next to nothing for the 75 octets.
        seconds.ShouldBe(304);
        (await client.ReadToEndAsync()).ShouldBe("421 4.4.2 Timed out waiting for message content\r\n");
        server.Queue.Stored.ShouldBeEmpty();
        server.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task Content_Silence_TimesOut()
    {
        using var server = new SubmissionServer();
        var client = await OpenAsync(server);
        await client.AskAsync("DATA", "354");
        server.Clock.Advance(TimeSpan.FromSeconds(179));
        client.HasEnded.ShouldBeFalse();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await client.Ended).ShouldBe(SessionEnd.TimedOut);
    }

    [Fact]
    public async Task Content_SlowButSteady_IsTaken()
    {
        using var server = new SubmissionServer();
        var client = await OpenAsync(server);
        await client.AskAsync("DATA", "354");
        for (var minute = 0; minute < 30; minute++)
        {
            await client.SendAsync(string.Concat(Enumerable.Repeat(new string('x', 98) + "\r\n", 300)));
            server.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await client.AskAsync(".", "250 2.0.0");
    }

    [Fact]
    [Abuse("LIM-07")]
    public void Connections_TooMany_AreTurnedAway()
    {
        var limits = new SubmissionLimitOptions { Connections = 4, ConnectionsPerAddress = 2 };
        var limiter = new ConnectionLimiter(limits);
        var (a, b, trusted) = (ClientAt("2001:db8::1"), ClientAt("2001:db8::2"), ClientAt("192.0.2.1"));
        limiter.TryEnter(a).ShouldBeNull();
        limiter.TryEnter(b).ShouldBeNull();
        // One /64 is one client.
        limiter.TryEnter(a).ShouldBe(ServerReply.TooManyConnectionsFromAddress);
        limiter.TryEnter(ClientAt("2001:db8:0:1::1")).ShouldBeNull();
        limiter.Leave(b);
        limiter.TryEnter(a).ShouldBeNull();
        limiter.TryEnter(trusted).ShouldBeNull();
        limiter.TryEnter(ClientAt("203.0.113.1")).ShouldBe(ServerReply.TooManyConnections);
        limiter.Leave(a);
        limiter.TryEnter(trusted).ShouldBeNull();
    }

    [Fact]
    public void Connections_AddressMappedIntoIPv6_IsTheSameClient()
    {
        var open = new OpenConnections(most: 9, mostPerClient: 1);
        open.TryEnter(IPAddress.Parse("::ffff:192.0.2.1")).ShouldBe(ConnectionBound.None);
        open.TryEnter(IPAddress.Parse("::ffff:192.0.2.2")).ShouldBe(ConnectionBound.None);
        open.TryEnter(IPAddress.Parse("192.0.2.1")).ShouldBe(ConnectionBound.PerClient);
        open.Leave(IPAddress.Parse("192.0.2.1"));
        open.TryEnter(IPAddress.Parse("::ffff:192.0.2.1")).ShouldBe(ConnectionBound.None);
    }

    [Theory]
    [InlineData("NOOP", 100, "421 4.7.0 Too many commands without a message")]
    [InlineData("RSET", 100, "421 4.7.0 Too many commands without a message")]
    [InlineData("VRFY x", 100, "421 4.7.0 Too many commands without a message")]
    [InlineData("FROB", 20, "421 4.7.0 Too many errors")]
    [InlineData("MAIL FROM:<", 20, "421 4.7.0 Too many errors")]
    [Abuse("LIM-08")]
    public async Task Commands_LeadingNowhere_AreStopped(string line, int allowed, string last)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(string.Concat(Enumerable.Repeat(line + "\r\n", 1000)));
        var replies = (await client.FinishAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        replies[^1].ShouldBe(last);
        // The greeting, those allowed, for an error the one too many, and 421.
        replies.Length.ShouldBe(1 + allowed + (allowed == 20 ? 1 : 0) + 1);
    }

    [Fact]
    public async Task Commands_BetweenMessages_CountAnew()
    {
        using var server = new SubmissionServer();
        server.Options.Limits.JunkCommands = 4;
        server.Options.Limits.Errors = 3;
        var client = server.Connect();
        await client.SendAsync("HELO x\r\n");
        for (var message = 0; message < 5; message++)
            await client.SendAsync("RSET\r\nEHLO\r\nFROB\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n.\r\n");
        (await client.FinishAsync()).ShouldNotContain("\n421");
        server.Queue.Stored.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("POST / HTTP/1.1")]
    [InlineData("CONNECT x:25 HTTP/1.1")]
    [Abuse("LIM-09")]
    public async Task Http_Request_ClosesBeforeItsBody(string request)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(request + "\r\nHost: x\r\n\r\nHELO x\r\nMAIL FROM:<a@x>\r\n");
        (await client.ReadToEndAsync()).ShouldBe("220 mx.example ESMTP\r\n500 5.5.1 This is a mail server and speaks SMTP only\r\n");
    }

    [Fact]
    [Abuse("LIM-10")]
    public async Task Chunks_WithoutEnd_AreStopped()
    {
        using var server = new SubmissionServer();
        var client = await OpenAsync(server);
        await client.SendAsync(string.Concat(Enumerable.Repeat("BDAT 1\r\nx", 20_000)));
        var replies = await client.FinishAsync();
        replies.Split("250 2.0.0 Chunk").Length.ShouldBe(10_001);
        replies.ShouldEndWith("421 4.7.0 Too many chunks\r\n");
        server.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task Content_BeyondTheNodesMemory_IsForLater()
    {
        using var server = new SubmissionServer();
        server.Options.Limits.MessageSize = new(1 << 20);
        server.Options.Limits.ContentMemory = new(1 << 20);
        var first = await OpenAsync(server);
        await first.AskAsync("DATA", "354");
        await first.SendAsync(string.Concat(Enumerable.Repeat(new string('x', 98) + "\r\n", 9_000)));
        // What the second brings no longer fits; it is read to its end all the same.
        var second = await OpenAsync(server);
        await second.SendAsync("BDAT 500000\r\n" + new string('y', 500_000));
        await second.ExpectAsync("452 4.3.1");
        await second.AskAsync("NOOP", "250");
        await first.AskAsync(".", "250 2.0.0");
        await second.AskAsync("MAIL FROM:<a@x>", "250");
        server.Budget.InFlight.ShouldBe(0);
    }

    private static SessionClient ClientAt(string address)
    {
        var listener = ListenerPolicy.Create(new SubmissionListenerOptions { Trusted = ["192.0.2.0/24"] }, "", [])!;
        return SessionClient.Of(listener, new System.Net.IPEndPoint(System.Net.IPAddress.Parse(address), 1));
    }

    private static async Task<SmtpTestClient> OpenAsync(SubmissionServer server)
    {
        var client = server.Connect();
        await client.SendAsync(Envelope);
        foreach (var expected in new[] { "220", "250", "250", "250" }) await client.ExpectAsync(expected);
        return client;
    }
}
