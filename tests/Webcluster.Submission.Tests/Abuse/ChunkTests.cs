using System.Text;
using Shouldly;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tests.Harness;
using Webcluster.TestKit.Pipes;
using Xunit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>BDT: chunks, of which every octet is counted.</summary>
public sealed class ChunkTests
{
    private const string Envelope = "HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n";
    private const string Opened = "220 mx.example ESMTP\r\n250 mx.example\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n";
    private const string Chunk = "250 2.0.0 Chunk received\r\n";
    private const string Queued = "250 2.0.0 Ok: queued as ID\r\n";
    private const string Bye = "221 2.0.0 Bye\r\n";

    public static TheoryData<string, string, string> Dialogues { get; } = new()
    {
        { "BDT-01", "BDAT 8\r\nHey <3\r\nBDAT 8 LAST\r\nHey :3\r\nQUIT\r\n", Chunk + Queued + Bye },
        { "BDT-02", "BDAT 0 LAST\r\nQUIT\r\n", Queued + Bye },
        { "BDT-02 after a chunk", "BDAT 4\r\nab\r\nBDAT 0 LAST\r\nQUIT\r\n", Chunk + Queued + Bye },
        { "BDT-05", "BDAT 5\r\nhelloDATA\r\nQUIT\r\n", Chunk + "503 5.5.1 Only BDAT or RSET once BDAT was begun\r\n" + Bye },
        { "BDT-08", "BDAT 5\r\nhelloRSET\r\nMAIL FROM:<a@x>\r\nQUIT\r\n", Chunk + "250 2.0.0 Ok\r\n250 2.1.0 Ok\r\n" + Bye },
        {
            "RCPT among chunks",
            "BDAT 5\r\nhelloRCPT TO:<c@y>\r\nAUTH PLAIN =\r\nSTARTTLS\r\nMAIL FROM:<a@x>\r\nQUIT\r\n",
            Chunk + string.Concat(Enumerable.Repeat("503 5.5.1 Only BDAT or RSET once BDAT was begun\r\n", 4)) + Bye
        },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    [Abuse("BDT-01", "BDT-02", "BDT-05", "BDT-08")]
    public async Task Chunks_Dialogue_AnswersExactly(string name, string client, string server)
    {
        foreach (var parts in Cuts.Of(Encoding.Latin1.GetBytes(client)))
        {
            using var submission = new SubmissionServer();
            var connection = submission.Connect();
            await connection.SendAsync(Envelope);
            await connection.SendPartsAsync(parts);
            (await connection.FinishAsync()).ShouldBe(
                Opened + server, $"{name}, cut as {string.Join('+', parts.Select(part => part.Length))}");
            if (name == "BDT-01") FakeQueue.Text(submission.Queue.Single).ShouldEndWith("\r\n\r\nHey <3\r\nHey :3\r\n");
            submission.Budget.InFlight.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("BDAT -1")]
    [InlineData("BDAT abc")]
    [InlineData("BDAT 18446744073709551616")]
    [InlineData("BDAT")]
    [InlineData("BDAT 5 FIRST")]
    [InlineData("BDAT 6 LAST\t")]
    [InlineData("BDAT 6 \xff")]
    [Abuse("BDT-03")]
    public async Task Chunk_SizeUnknown_ClosesBeforeTheOctets(string line)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(Envelope + line + "\r\nRSET\r\n");
        (await client.ReadToEndAsync()).ShouldBe(Opened + "501 5.5.4 Invalid chunk size; what follows cannot be told from commands\r\n");
        (await client.Ended).ShouldBe(SessionEnd.Refused);
    }

    [Theory]
    [InlineData("", "503 5.5.1 Send EHLO first")]
    [InlineData("HELO x\r\n", "503 5.5.1 Send MAIL first")]
    [InlineData("HELO x\r\nMAIL FROM:<a@x>\r\n", "554 5.5.1 No valid recipients")]
    [Abuse("BDT-04")]
    public async Task Chunk_WithoutRecipient_IsSwallowed(string before, string reply)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(before + "BDAT 14\r\nRSET\r\nQUIT\r\n\r\nNOOP\r\nBDAT 0 LAST\r\nQUIT\r\n");
        (await client.FinishAsync()).ShouldEndWith($"{reply}\r\n250 2.0.0 Ok\r\n{reply}\r\n{Bye}");
    }

    [Fact]
    [Abuse("BDT-06")]
    public async Task Chunk_ConnectionLostWithin_IsDropped()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(Envelope + "BDAT 100 LAST\r\n" + new string('x', 40));
        (await client.FinishAsync()).ShouldBe(Opened);
        (await client.Ended).ShouldBe(SessionEnd.Lost);
        server.Queue.Stored.ShouldBeEmpty();
        server.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task Chunks_InDrops_TimeOutTogether()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(Envelope);
        var minutes = 0;
        for (; !client.HasEnded && minutes < 60; minutes++)
        {
            await client.SendAsync("BDAT 1\r\nx");
            server.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        // Six come within five minutes and what six octets take; the seventh is too late.
        minutes.ShouldBe(7);
        (await client.ReadToEndAsync()).ShouldEndWith(Chunk + "421 4.4.2 Timed out waiting for message content\r\n");
        (await client.Ended).ShouldBe(SessionEnd.TimedOut);
        server.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    [Abuse("BDT-10")]
    public async Task Chunks_TooLarge_AreConsumedAndRefused()
    {
        using var server = new SubmissionServer();
        server.Options.Limits.MessageSize = new(64 * 1024);
        var client = server.Connect();
        await client.SendAsync(
            Envelope + $"BDAT 65530\r\n{new string('x', 65530)}BDAT 96\r\n{new string('y', 96)}BDAT 9 LAST\r\nQUIT\r\nzzzNOOP\r\nQUIT\r\n");
        (await client.FinishAsync()).ShouldBe(
            Opened + Chunk + "552 5.3.4 Message too large\r\n503 5.5.1 Send MAIL first\r\n250 2.0.0 Ok\r\n" + Bye);
        server.Queue.Stored.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chunk_BeforeLogin_EndsWithTheLoginTime()
    {
        using var server = new SubmissionServer();
        var client = server.Connect(SubmissionServer.Stranger);
        await client.SendAsync("BDAT 9223372036854775807\r\n");
        for (var seconds = 0; seconds < 120; seconds++)
        {
            client.HasEnded.ShouldBeFalse();
            await client.SendAsync(new string('x', 5000));
            server.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await client.ReadToEndAsync()).ShouldEndWith("ESMTP\r\n421 4.4.2 Timed out waiting for message content\r\n");
        (await client.Ended).ShouldBe(SessionEnd.TimedOut);
    }

    [Theory]
    [InlineData("BDAT 9223372036854775807\r\n")]
    [InlineData("DATA\r\n")]
    public async Task Content_LargerThanAnyMessage_BuysNoTime(string begin)
    {
        using var server = new SubmissionServer();
        server.Options.Limits.MessageSize = new(64 * 1024);
        var client = server.Connect();
        await client.SendAsync(Envelope + begin);
        var seconds = 0;
        for (; !client.HasEnded && seconds < 3600; seconds++)
        {
            await client.SendAsync(new string('x', 1000));
            server.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        // Five minutes, and what 64 KiB take at 500 octets a second.
        seconds.ShouldBeInRange(300 + 131, 300 + 132);
        (await client.ReadToEndAsync()).ShouldEndWith("421 4.4.2 Timed out waiting for message content\r\n");
        server.Budget.InFlight.ShouldBe(0);
    }

    [Fact]
    [Abuse("BDT-11")]
    public async Task Chunking_IsOffered()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.ExpectAsync("220");
        (await client.AskAsync("EHLO x", "250-")).ShouldContain("250-CHUNKING\r\n");
    }
}
