using System.Buffers;
using System.Text;
using Shouldly;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Smtp;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Wire;

public class SmtpWireTests
{
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    public static TheoryData<string, string> Streams => new()
    {
        { "220 hi\r\n", "220 hi / ConnectionLost" },
        { "250-a\r\n250-b\r\n250 c\r\n", "250 a b c / ConnectionLost" },
        { "250 a\r\n550 5.1.1 b\r\n354 c\r\n", "250 a / 550 5.1.1 b / 354 c / ConnectionLost" },
        { "250\r\n250-\r\n250 \r\n", "250  / 250   / ConnectionLost" },
        { "250 a\r\n421 4.3.2 bye\r\n250 c\r\n", "250 a / 421 4.3.2 bye Refused / Refused" },
        { "250 half", "ConnectionLost" },
        { "", "ConnectionLost" },
        { "250-a\r\n550 b\r\n", "ProtocolError" },
        { "ABC hello\r\n", "ProtocolError" },
        { "2xx\r\n", "ProtocolError" },
        { "\r\n", "ProtocolError" },
        { "250 a\n", "ProtocolError" },
        { "250 a\0b\r\n", "ProtocolError" },
        { "250 a\rb\r\n", "ProtocolError" },
        { "150 a\r\n", "ProtocolError" },
        { "600 a\r\n", "ProtocolError" },
        { "250 \x1b[2Ja\x07\r\n", "250 \\x1b[2Ja\\x07 / ConnectionLost" },
        { "250 \xff\r\n", "250 \\xff / ConnectionLost" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Read_HoweverCut_GivesTheSameReplies(string stream, string expected)
    {
        var octets = Encoding.Latin1.GetBytes(stream);
        (await ReadAllAsync([octets])).ShouldBe(expected);
        (await ReadAllAsync([.. octets.Select(octet => new[] { octet })])).ShouldBe(expected, "byte by byte");
        for (var i = 1; i < octets.Length; i++) (await ReadAllAsync([octets[..i], octets[i..]])).ShouldBe(expected, $"cut at {i}");
    }

    [Theory]
    [InlineData("250-x\r\n", 1_000_000, "", ReplyProblem.TooManyLines)]
    [InlineData("250 ", 1, "xxxxxxxxxx", ReplyProblem.LineTooLong)]
    [InlineData("x", 5_000_000, "", ReplyProblem.LineTooLong)]
    [InlineData("250-", 200_000, "", ReplyProblem.LineTooLong)]
    public async Task Read_EndlessReply_IsCutOff(string unit, int times, string rest, ReplyProblem problem)
    {
        var octets = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(unit, times))
            + string.Concat(Enumerable.Repeat(rest, 1_000_000)));
        await using var wire = new SmtpWire(new SegmentStream([octets]), new ManualClock());
        var (reply, trouble) = await wire.ReadReplyAsync(Stage.Banner, AMinute);
        reply.ShouldBeNull();
        trouble.ShouldBe(new Trouble(Stage.Banner, TroubleKind.ProtocolError, $"invalid reply: {problem}"));
    }

    [Fact]
    public async Task Read_LargestReply_IsTaken()
    {
        // 99 lines of the greatest length and a last one; the buffer grows to hold them.
        var line = new string('x', ReplyParser.MaxLine - "250-\r\n".Length);
        var octets = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat($"250-{line}\r\n", ReplyParser.MaxLines - 1))
            + $"250 {line}\r\n");
        await using var wire = new SmtpWire(new SegmentStream(octets.Chunk(1000)), new ManualClock());
        var (reply, trouble) = await wire.ReadReplyAsync(Stage.Banner, AMinute);
        trouble.ShouldBeNull();
        reply!.Lines.Count.ShouldBe(ReplyParser.MaxLines);
        reply.Lines.ShouldAllBe(text => text == line);
    }

    [Fact]
    public async Task Flush_RepliesNobodyAskedFor_AreRefusedBeforeAnythingIsSent()
    {
        var stream = new SegmentStream(["354 go\r\n250 taken already\r\n"u8.ToArray()]);
        await using var wire = new SmtpWire(stream, new ManualClock());
        (await wire.ReadReplyAsync(Stage.Data, AMinute)).Reply!.Code.ShouldBe(354);
        wire.Output.Write("content\r\n.\r\n"u8);
        var (reply, trouble) = await wire.ReadReplyAsync(Stage.FinalDot, AMinute);
        reply.ShouldBeNull();
        trouble!.Kind.ShouldBe(TroubleKind.ProtocolError);
        stream.Written.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Read_AfterTrouble_AnswersWithIt()
    {
        var stream = new SegmentStream(["421 bye\r\n"u8.ToArray()]);
        await using var wire = new SmtpWire(stream, new ManualClock());
        var (_, trouble) = await wire.ReadReplyAsync(Stage.Banner, AMinute);
        wire.Output.Write("QUIT\r\n"u8);
        (await wire.ReadReplyAsync(Stage.Quit, AMinute)).ShouldBe(new WireReply(null, trouble));
        (await wire.FlushAsync(Stage.Quit, AMinute)).ShouldBe(trouble);
        stream.Written.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Abandon_BeforeOrAfterTheEnd_NeverThrows()
    {
        var wire = new SmtpWire(new SegmentStream([]), new ManualClock());
        wire.Abandon("first");
        (await wire.ReadReplyAsync(Stage.Banner, AMinute)).Trouble!.Kind.ShouldBeOneOf(TroubleKind.Abandoned, TroubleKind.ConnectionLost);
        await wire.DisposeAsync();
        await wire.DisposeAsync();
        Should.NotThrow(() => wire.Abandon("late"));
    }

    [Fact]
    public async Task Read_RandomBytes_NeverThrows()
    {
        string[] pieces = ["250 ", "250-", "421 x", "\r\n", "\r", "\n", "\0", "354", "5", "\xff", " ", "-", "1.1.1 "];
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => pieces[random.Next(pieces.Length)]));
            var octets = Encoding.Latin1.GetBytes(text);
            var whole = await ReadAllAsync([octets]);
            (await ReadAllAsync([.. octets.Chunk(random.Next(1, 8))])).ShouldBe(whole, $"seed {seed}");
        }
    }

    private static async Task<string> ReadAllAsync(IEnumerable<byte[]> segments)
    {
        await using var wire = new SmtpWire(new SegmentStream(segments), new ManualClock());
        var told = new List<string>();
        while (true)
        {
            var (reply, trouble) = await wire.ReadReplyAsync(Stage.Banner, AMinute);
            told.Add(reply is null ? $"{trouble!.Kind}" : trouble is null ? $"{reply}" : $"{reply} {trouble.Kind}");
            if (trouble is not null && reply is null) return string.Join(" / ", told);
        }
    }
}
