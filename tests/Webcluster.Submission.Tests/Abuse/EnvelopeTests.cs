using System.Text;
using Shouldly;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>ENV: addresses, parameters, and their order.</summary>
public sealed class EnvelopeTests
{
    public static TheoryData<string, string> Lines { get; } = new()
    {
        // ENV-01
        { "MAIL FROM:<a@x>\x00", "501 5.5.2" },
        { "MAIL FROM:<a\x00b@y>", "501 5.5.2" },
        // ENV-04
        { "MAIL FROM:<a@x> ENVID=ab+0D+0Acd", "501 5.5.4" },
        // ENV-05
        { $"MAIL FROM:<{new string('a', 65)}@x>", "501 5.1.7" },
        { $"MAIL FROM:<a@{new string('x', 256)}>", "501 5.1.7" },
        { $"MAIL FROM:<a@{string.Join('.', Enumerable.Repeat("abcdefg", 32))}>", "501 5.1.7" },
        // ENV-06
        { "MAIL FROM:<a@xn--->", "501 5.1.7" },
        { "MAIL FROM:<a@x..y>", "501 5.1.7" },
        { "MAIL FROM:<.a@x>", "501 5.1.7" },
        { "MAIL FROM:<a.@x>", "501 5.1.7" },
        { "MAIL FROM:<a@-x>", "501 5.1.7" },
        { "MAIL FROM:<a@x.>", "501 5.1.7" },
        { "MAIL FROM:<@x>", "501 5.1.7" },
        { "MAIL FROM:<a@>", "501 5.1.7" },
        // ENV-08
        { "MAIL FROM:<p\xc3\xa9@x>", "553 5.6.7" },
        { "MAIL FROM:<p\xc3\xa9@x> SMTPUTF8", "250 2.1.0" },
        // ENV-09
        { "MAIL FROM:<\xff\xfe@x> SMTPUTF8", "501 5.5.2 Invalid UTF-8" },
        { "MAIL FROM:<\xed\xa0\x80@x> SMTPUTF8", "501 5.5.2 Invalid UTF-8" },
        { "MAIL FROM:<\xc0\xae@x> SMTPUTF8", "501 5.5.2 Invalid UTF-8" },
        // ENV-10
        { "MAIL FROM:<test@exam\xe2\x80\x8bple.com> SMTPUTF8", "501 5.1.7" },
        { "MAIL FROM:<test@exam\xe2\x81\xa0ple.com> SMTPUTF8", "501 5.1.7" },
        { "MAIL FROM:<test@exam\xef\xbb\xbfple.com> SMTPUTF8", "501 5.1.7" },
        { "MAIL FROM:<te\xc2\x85st@example.com> SMTPUTF8", "501 5.1.7" },
        { "MAIL FROM:<te\x7fst@example.com>", "501 5.5.2" },
        { "MAIL FROM:<te\x1bst@example.com>", "501 5.5.2" },
        // ENV-11
        { "MAIL FROM:<a@x> SIZE=rabbit", "501 5.5.4" },
        { "MAIL FROM:<a@x> SIZE=-1", "501 5.5.4" },
        { "MAIL FROM:<a@x> SIZE=99999999999999999999", "501 5.5.4" },
        { "MAIL FROM:<a@x> SIZE=1 SIZE=2", "501 5.5.4" },
        { "MAIL FROM:<a@x> BODY=RABIIT", "501 5.5.4" },
        { "MAIL FROM:<a@x> FOO=BAR", "555 5.5.4" },
        // ENV-12
        { "MAIL FROM: <a@x>", "250 2.1.0" },
        { "MAIL FROM:a@x", "501 5.1.7" },
        // BDT-09
        { "MAIL FROM:<a@x> BODY=BINARYMIME", "555 5.5.4" },
    };

    public static TheoryData<string, string> Recipients { get; } = new()
    {
        // ENV-01
        { "RCPT TO:<a\x00b@y>", "501 5.5.2" },
        // ENV-03
        { "RCPT TO:<\"user@evil.example x\"@internal.example>", "250 2.1.5" },
        // ENV-07
        { "RCPT TO:<test@[999.1.1.1]>", "501 5.1.3" },
        { "RCPT TO:<test@[192.168.1]>", "501 5.1.3" },
        { "RCPT TO:<test@[IPv6:zz]>", "501 5.1.3" },
        { "RCPT TO:<test@[]>", "501 5.1.3" },
        { "RCPT TO:<test@[notanip]>", "501 5.1.3" },
        { "RCPT TO:<test@[127.0.0.1]>", "550 5.7.1" },
        { "RCPT TO:<test@[IPv6:::1]>", "550 5.7.1" },
        { "RCPT TO:<test@[169.254.169.254]>", "550 5.7.1" },
        { "RCPT TO:<test@[192.0.2.25]>", "250 2.1.5" },
        // SMTPUTF8 was not declared on MAIL.
        { "RCPT TO:<p\xc3\xa9@y>", "553 5.6.7" },
        { "RCPT TO:<Postmaster>", "250 2.1.5" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    [Abuse("ENV-01", "ENV-04", "ENV-05", "ENV-06", "ENV-08", "ENV-09", "ENV-10", "ENV-11", "ENV-12", "BDT-09")]
    public async Task Mail_Line_IsAnswered(string line, string reply)
    {
        using var server = new SubmissionServer();
        var client = await GreetAsync(server);
        await client.AskAsync(line, reply);
        // The session is as it was.
        await client.AskAsync("RSET", "250");
        await client.AskAsync("MAIL FROM:<ok@x>", "250");
    }

    [Theory]
    [MemberData(nameof(Recipients))]
    [Abuse("ENV-03", "ENV-07")]
    public async Task Recipient_Line_IsAnswered(string line, string reply)
    {
        using var server = new SubmissionServer();
        var client = await GreetAsync(server);
        await client.AskAsync("MAIL FROM:<a@x>", "250");
        await client.AskAsync(line, reply);
        await client.AskAsync("RCPT TO:<ok@y>", "250");
    }

    [Fact]
    [Abuse("ENV-02")]
    public async Task Mail_LineEndInQuotes_IsTwoLines()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("HELO x\r\nMAIL FROM:<\"a\r\nRCPT TO:<evil@z>\\\"@x>\r\nQUIT\r\n");
        (await client.FinishAsync()).ShouldEndWith("501 5.1.7 Invalid sender address\r\n501 5.5.2 Syntax error\r\n221 2.0.0 Bye\r\n");
    }

    [Fact]
    [Abuse("ENV-13")]
    public async Task Mail_NullReversePath_HasNoSender()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<b@y>\r\nRCPT TO:<c@y>\r\nDATA\r\nFrom: a@x\r\n\r\n.\r\n");
        (await client.FinishAsync()).ShouldEndWith("queued as ID\r\n");
        server.Queue.Single.Envelope.ReversePath.ShouldBeNull();
    }

    [Fact]
    [Abuse("ENV-14", "ENV-15")]
    public async Task Order_Wrong_IsRefused()
    {
        using var server = new SubmissionServer();
        var client = await GreetAsync(server);
        await client.AskAsync("RCPT TO:<b@y>", "503 5.5.1");
        await client.AskAsync("DATA", "503 5.5.1");
        await client.AskAsync("MAIL FROM:<a@x>", "250");
        await client.AskAsync("DATA", "554 5.5.1");
        await client.AskAsync("MAIL FROM:<a@x>", "503 5.5.1");
        await client.AskAsync("VRFY p\xc3\xa9", "252");
        await client.AskAsync("RCPT TO:<bad", "501");
        await client.AskAsync("DATA", "554 5.5.1");
        await client.AskAsync("RCPT TO:<b@y>", "250");
        await client.AskAsync("DATA", "354");
        await client.AskAsync("bare\nline\r\n.", "550 5.6.0");
        await client.AskAsync("RCPT TO:<b@y>", "503 5.5.1");
        await client.AskAsync("DATA", "503 5.5.1");
        server.Queue.Stored.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [Abuse("ENV-16")]
    public async Task Recipients_BeyondTheLimit_AreForAnotherTransaction(int limit)
    {
        using var server = new SubmissionServer();
        server.Options.Limits.Recipients = limit;
        var client = server.Connect();
        var lines = new StringBuilder("HELO x\r\nMAIL FROM:<a@x>\r\n");
        for (var number = 0; number < limit + 50; number++) lines.Append($"RCPT TO:<b{number}@y>\r\n");
        await client.SendAsync(lines.Append("DATA\r\n.\r\nQUIT\r\n").ToString());
        var replies = await client.FinishAsync();
        replies.Split("452 4.5.3 ").Length.ShouldBe(51);
        replies.ShouldEndWith("queued as ID\r\n221 2.0.0 Bye\r\n");
        server.Queue.Single.Deliveries.Single().Recipients.Count.ShouldBe(limit);
    }

    [Fact]
    [Abuse("ENV-17")]
    public async Task Recipients_Twice_AreDeliveredOnce()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(
            "HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nRCPT TO:<b@Y> NOTIFY=NEVER\r\nRCPT TO:<B@y>\r\nDATA\r\n.\r\n");
        (await client.FinishAsync()).Split("250 2.1.5 ").Length.ShouldBe(4);
        server.Queue.Single.Deliveries.Single().Recipients.Select(recipient => recipient.Address.ToString()).ShouldBe(["b@y", "B@y"]);
    }

    private static async Task<SmtpTestClient> GreetAsync(SubmissionServer server)
    {
        var client = server.Connect();
        await client.ExpectAsync("220 ");
        await client.AskAsync("HELO x", "250");
        return client;
    }
}
