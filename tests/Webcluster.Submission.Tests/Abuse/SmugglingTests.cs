using System.Text;
using Shouldly;
using Webcluster.Submission.Tests.Harness;
using Webcluster.TestKit;
using Webcluster.TestKit.Pipes;
using Xunit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>EOD: what might be taken for the end of data and is not, and what is.</summary>
public sealed class SmugglingTests
{
    private const string Envelope = "HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n";
    private const string Opened = "220 mx.example ESMTP\r\n250 mx.example\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n";
    private const string Go = "354 End data with <CR><LF>.<CR><LF>\r\n";
    private const string Queued = "250 2.0.0 Ok: queued as ID\r\n";
    private const string Bye = "221 2.0.0 Bye\r\n";

    public static TheoryData<string> Smuggled { get; } = [.. AbuseCases.InData[..15]];

    [SharedDataTheory]
    [MemberData(nameof(Smuggled))]
    public async Task Data_FalseEnd_RefusesOneMessageAndExecutesNothing(string id)
    {
        var entry = AbuseCases.Load().Single(entry => entry.Id == id);
        // 0: "354", then what the state says was sent before and after.
        var (before, after, end) = (entry.Quoted[1], entry.Quoted[2], entry.Quoted[3]);
        var content = before + entry.Segments[0] + after + end;
        foreach (var parts in Cuts.Of(Encoding.Latin1.GetBytes(content)))
        {
            using var server = new SubmissionServer();
            var client = server.Connect();
            await client.SendAsync(Envelope + "DATA\r\n");
            await client.SendPartsAsync(parts);
            await client.SendAsync("QUIT\r\n");
            var replies = await client.FinishAsync();
            replies.ShouldStartWith(Opened + Go + "550 5.6.0 Message has a ");
            replies.ShouldEndWith("\r\n" + Bye);
            replies.Count(character => character == '\n').ShouldBe(7);
            server.Queue.Stored.ShouldBeEmpty();
        }
    }

    [SharedDataTheory]
    [MemberData(nameof(Smuggled))]
    [Abuse("EOD-24")]
    public async Task Chunk_FalseEnd_IsRefused(string id)
    {
        var entry = AbuseCases.Load().Single(entry => entry.Id == id);
        var content = entry.Quoted[1] + entry.Segments[0] + entry.Quoted[2];
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(Envelope + $"BDAT {content.Length} LAST\r\n{content}QUIT\r\n");
        var replies = await client.FinishAsync();
        replies.ShouldStartWith(Opened + "550 5.6.0 ");
        replies.ShouldEndWith(Bye);
        server.Queue.Stored.ShouldBeEmpty();
    }

    [SharedDataFact]
    public async Task Data_NulBeforeTheEnd_IsRefusedAndTheEndIsTheEnd()
    {
        var entry = AbuseCases.Load().Single(entry => entry.Id == "EOD-20");
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(
            Envelope + "DATA\r\n" + entry.Quoted[1] + entry.Segments[0] + entry.Quoted[2] + entry.Quoted[3] + "QUIT\r\n");
        // What follows the true end is commands: a second, lawful message.
        (await client.FinishAsync()).ShouldBe(
            Opened + Go + "550 5.6.0 Message has a NUL octet\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n" + Go + Queued + Bye);
        FakeQueue.Text(server.Queue.Single).ShouldNotContain("\0");
        server.Queue.Single.Envelope.ReversePath!.LocalPart.ShouldBe("smuggled");
    }

    [SharedDataFact]
    public async Task Data_StuffedDots_AreTakenOut()
    {
        var entry = AbuseCases.Load().Single(entry => entry.Id == "EOD-21");
        (await StoredAsync(["From: a@x\r\n\r\n", .. entry.Segments])).ShouldEndWith("From: a@x\r\n\r\n.\r\nx\r\n..\r\n");
    }

    [SharedDataFact]
    public async Task Data_Empty_IsAMessage()
    {
        var entry = AbuseCases.Load().Single(entry => entry.Id == "EOD-22");
        (await StoredAsync(entry.Segments)).ShouldEndWith("From: <a@x>\r\n\r\n");
    }

    [SharedDataFact]
    public async Task Data_EndInSegments_IsTheEnd()
    {
        var entry = AbuseCases.Load().Single(entry => entry.Id == "EOD-23");
        (await StoredAsync(["From: a@x\r\n\r\nfirst", .. entry.Segments])).ShouldEndWith("From: a@x\r\n\r\nfirst\r\n");
    }

    [Fact]
    [Abuse("EOD-25")]
    public async Task Chunk_BareCrAtTheEnd_TouchesNoAddedField()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(
            Envelope + "BDAT 22 LAST\r\nFrom: a@x\r\nSubject: t\rMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n"
            + "BDAT 21 LAST\r\nFrom: a@x\r\nSubject: tQUIT\r\n");
        (await client.FinishAsync()).ShouldBe(
            Opened + "550 5.6.0 Message has a bare CR or LF; lines end in CR LF\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n" + Queued + Bye);
        // What was sent without a last line end stands behind all that was added.
        FakeQueue.Text(server.Queue.Single).ShouldEndWith(".example>\r\nFrom: a@x\r\nSubject: t");
    }

    [Fact]
    [Abuse("BDT-07")]
    public async Task Chunk_BareLineFeedWithDot_IsRefused()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(Envelope + "BDAT 19 LAST\r\nline\n.\r\nMAIL FROM:<QUIT\r\n");
        (await client.FinishAsync()).ShouldBe(Opened + "550 5.6.0 Message has a bare CR or LF; lines end in CR LF\r\n" + Bye);
        server.Queue.Stored.ShouldBeEmpty();
    }

    private static async Task<string> StoredAsync(IEnumerable<string> content)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(Envelope + "DATA\r\n");
        await client.SendPartsAsync(content.Select(Encoding.Latin1.GetBytes));
        await client.SendAsync("QUIT\r\n");
        (await client.FinishAsync()).ShouldBe(Opened + Go + Queued + Bye);
        return FakeQueue.Text(server.Queue.Single);
    }
}
