using Shouldly;
using Webcluster.Queue;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>MSG: what stands in a message, and what the store says to it.</summary>
public sealed class ContentTests
{
    public static TheoryData<string, string> Contents { get; } = new()
    {
        // MSG-01
        { "__proto__: x\r\nconstructor: y\r\n", "250 2.0.0" },
        // MSG-02
        { string.Concat(Enumerable.Repeat("To: a@x\r\n", 50_000)), "552 5.3.4 Message header too large" },
        { "From: a@x\r\nTo: a@x" + string.Concat(Enumerable.Repeat(",\r\n a@x", 700_000)) + "\r\n", "552 5.3.4 Message header too large" },
        { "From: a@x\r\nTo: " + string.Concat(Enumerable.Repeat(new string('(', 900) + "\r\n ", 111)) + "\r\n\r\n", "250 2.0.0" },
        // MSG-04
        { string.Concat(Enumerable.Repeat("Received: x\r\n", 101)), "554 5.4.6" },
        { string.Concat(Enumerable.Repeat("Received: x\r\n", 100)), "250 2.0.0" },
        // MSG-05
        { "From: a@x\r\nno colon\r\nTo: b@y\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { " continued\r\nFrom: a@x\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "no colon\r\nFrom: a@x\r\n\r\n", "250 2.0.0" },
        { "no colon\r\nBcc: b@y\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "no colon\r\nresent-bcc: b@y\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "no colon\r\nX-WC-Tag: t\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "no colon\r\nFrom: a@x\r\nMIME-Version: 1.0\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "\xef\xbb\xbf" + "From: a@x\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "\xef\xbb\xbf" + "Date: x\r\nBCC : b@y\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "From a@x Mon Nov 23 12:00:00 2026\r\nFrom: a@x\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "S\xc3\xbc" + "bject: t\r\nx-wc-pool: p\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "S\xc3\xbc" + "bject: t\r\nTo: b@y\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { ">From a@x Mon Nov 23 12:00:00 2026\r\nTo: b@y\r\n\r\n", "550 5.6.0 Message header has a line that is no field" },
        { "\xef\xbb\xbf" + "Note: x\r\n\r\n", "250 2.0.0" },
        { "\xef\xbb\xbf" + "Ticket 17 was opened\r\nSubject: printer\r\n", "250 2.0.0" },
        { "no header\r\nSubjects: none\r\nFrom here\r\n\r\nFrom: a@x\r\n", "250 2.0.0" },
        { "no header at all\r\n", "250 2.0.0" },
        { "Subject: no author\r\n\r\n", "250 2.0.0" },
        { "From: a@x\r\nfrom: b@x\r\n\r\n", "550 5.6.0 Message has more than one From field" },
        { "From: a@x\r\n" + new string('N', 990) + ": x\r\n\r\n", "250 2.0.0" },
        { "From: a@x\r\nSubject: t\rx\r\n\r\n", "550 5.6.0 Message has a bare CR or LF" },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    [Abuse("MSG-01", "MSG-02", "MSG-04", "MSG-05")]
    public async Task Content_Odd_IsAcceptedOrRefused(string content, string reply)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n");
        foreach (var expected in new[] { "220", "250", "250", "250", "354" }) await client.ExpectAsync(expected);
        await client.AskAsync(content + ".", reply);
        server.Queue.Stored.Count.ShouldBe(reply.StartsWith("250", StringComparison.Ordinal) ? 1 : 0);
        // What was accepted has exactly one empty line behind exactly one From.
        foreach (var stored in server.Queue.Stored)
        {
            var text = FakeQueue.Text(stored);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var header = end < 0 ? text : text[..end];
            header.Split("\r\n").Count(line => line.StartsWith("From:", StringComparison.OrdinalIgnoreCase)).ShouldBe(1);
        }
    }

    [Theory]
    [InlineData("New message from the web site\r\nFrom: Jane <jane@x.example>\r\nSubject: opening hours\r\n\r\nHello\r\n")]
    [InlineData("New message: opening hours\r\nFrom: Jane\r\n")]
    [InlineData("Transfer done\r\nFrom: Berlin\r\nTo: Munich\r\n")]
    [InlineData("Transfer done\r\nReceived: 12 files\r\n")]
    [InlineData("Ticket 17 was opened\r\nSubject: printer\r\n")]
    public async Task Content_TextBelowASentence_IsABody(string content)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n");
        foreach (var expected in new[] { "220", "250", "250", "250", "354" }) await client.ExpectAsync(expected);
        await client.AskAsync(content + ".", "250 2.0.0");
        FakeQueue.Text(server.Queue.Single).ShouldEndWith("\r\n\r\n" + content);
    }

    [Theory]
    [InlineData(EnqueueResult.Unavailable, "451 4.3.0")]
    [InlineData(EnqueueResult.Full, "452 4.3.1")]
    [Abuse("MSG-09")]
    public async Task Store_DoesNotTakeIt_IsForLater(EnqueueResult result, string reply)
    {
        using var server = new SubmissionServer();
        server.Queue.Result = result;
        var client = server.Connect();
        await client.SendAsync("HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n.\r\n");
        foreach (var expected in new[] { "220", "250", "250", "250", "354", reply }) await client.ExpectAsync(expected);
        server.Queue.Closed = result;
        await client.AskAsync("MAIL FROM:<a@x>", reply);
        server.Queue.Closed = null;
        server.Queue.Result = EnqueueResult.Stored;
        await client.SendAsync("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n.\r\n");
        foreach (var expected in new[] { "250", "250", "354", "250 2.0.0 Ok: queued" }) await client.ExpectAsync(expected);
    }

    [Fact]
    public async Task Store_Throws_ClosesWith421()
    {
        using var server = new SubmissionServer { ExpectedLog = [1022] };
        server.Queue.Gate = Task.FromException(new InvalidOperationException("broken"));
        var client = server.Connect();
        await client.SendAsync("HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n.\r\nQUIT\r\n");
        (await client.ReadToEndAsync()).ShouldEndWith("421 4.3.0 Internal error; try again later\r\n");
        server.Budget.InFlight.ShouldBe(0);
    }
}
