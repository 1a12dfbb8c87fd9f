using System.IO.Pipelines;
using System.Text;
using Shouldly;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>PIP: commands that come before the replies to earlier ones.</summary>
public sealed class PipeliningTests
{
    [Fact]
    [Abuse("PIP-01", "PIP-02")]
    public async Task EarlyTalker_AllInOneSegment_IsAnsweredInOrder()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("EHLO x\r\nMAIL FROM:<a@x>\r\n");
        var replies = await client.FinishAsync();
        replies.ShouldStartWith("220 mx.example ESMTP\r\n250-mx.example\r\n");
        replies.ShouldEndWith("250 ENHANCEDSTATUSCODES\r\n250 2.1.0 Ok\r\n");
    }

    [Fact]
    [Abuse("PIP-03")]
    public async Task Group_OneBadRecipient_IsAnsweredInOrder()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(
            "HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nRCPT TO:<bad\r\nDATA\r\n.\r\n"
            + "MAIL FROM:<a@x>\r\nRCPT TO:<bad\r\nDATA\r\nQUIT\r\n");
        (await client.FinishAsync()).ShouldBe(
            "220 mx.example ESMTP\r\n250 mx.example\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n501 5.1.3 Invalid recipient address\r\n"
            + "354 End data with <CR><LF>.<CR><LF>\r\n250 2.0.0 Ok: queued as ID\r\n250 2.1.0 Ok\r\n501 5.1.3 Invalid recipient address\r\n"
            + "554 5.5.1 No valid recipients\r\n221 2.0.0 Bye\r\n");
        server.Queue.Single.Deliveries.Single().Recipients.Count.ShouldBe(1);
    }

    [Fact]
    [Abuse("PIP-04")]
    public async Task Group_BehindContent_IsAnsweredAfterTheStoreHasIt()
    {
        using var server = new SubmissionServer();
        var durable = new TaskCompletionSource();
        server.Queue.Gate = durable.Task;
        var client = server.Connect();
        await client.AskAsync("HELO x", "220 ");
        await client.ExpectAsync("250 mx.example");
        await client.SendAsync("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n");
        await client.ExpectAsync("250 2.1.0");
        await client.ExpectAsync("250 2.1.5");
        await client.ExpectAsync("354");
        await client.SendAsync("body\r\n.\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n");
        var reply = client.ReadReplyAsync();
        reply.IsCompleted.ShouldBeFalse();
        durable.SetResult();
        (await reply).ShouldBe("250 2.0.0 Ok: queued as ID\r\n");
        await client.ExpectAsync("250 2.1.0");
        await client.ExpectAsync("250 2.1.5");
        await client.ExpectAsync("354");
    }

    [Fact]
    [Abuse("PIP-05")]
    public async Task Recipients_WithoutEnd_AreStoppedByLimits()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        var recipients = new StringBuilder("HELO x\r\nMAIL FROM:<a@x>\r\n");
        for (var number = 0; number < 100_000; number++) recipients.Append($"RCPT TO:<b{number}@y>\r\n");
        await client.SendAsync(recipients.ToString());
        var replies = await client.FinishAsync();
        replies.Split("250 2.1.5 ").Length.ShouldBe(1001);
        replies.Split("452 4.5.3 ").Length.ShouldBe(1022);
        replies.ShouldEndWith("421 4.7.0 Too many errors\r\n");
        (await client.Ended).ShouldBe(SessionEnd.Refused);
    }

    [Fact]
    [Abuse("LIM-06")]
    public async Task SlowReader_WithoutEnd_IsCutOff()
    {
        using var server = new SubmissionServer();
        server.Options.Limits.JunkCommands = 1_000_000;
        var client = server.Connect(toClient: new PipeOptions(
            pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            useSynchronizationContext: false));
        var noop = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("NOOP\r\n", 100_000)));
        await client.SendAsync(noop);
        client.HasEnded.ShouldBeFalse();
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        client.HasEnded.ShouldBeFalse();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await client.Ended).ShouldBe(SessionEnd.TimedOut);
    }
}
