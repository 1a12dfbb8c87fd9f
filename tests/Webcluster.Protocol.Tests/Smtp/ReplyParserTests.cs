using Shouldly;
using Webcluster.Protocol.Smtp;
using Webcluster.TestKit.Pipes;
using Xunit;

namespace Webcluster.Protocol.Tests.Smtp;

public sealed class ReplyParserTests
{
    // The last line, with its code and its end, makes 2,048 octets.
    private static readonly string LongestText = new('x', ReplyParser.MaxLine - 6);

    public static TheoryData<string, int, string, string[]> Complete => new()
    {
        { "250 OK\r\n", 250, "", ["OK"] },
        { "250\r\n", 250, "", [""] },
        { "250 \r\n", 250, "", [""] },
        { "354 go on\r\n", 354, "", ["go on"] },
        { "599 x\r\n", 599, "", ["x"] },
        { "200 x\r\n", 200, "", ["x"] },
        { "250 2.1.5 fine\r\n", 250, "2.1.5", ["fine"] },
        { "250 2.1.5\r\n", 250, "2.1.5", [""] },
        { "550 5.1.1  no such user\r\n", 550, "5.1.1", ["no such user"] },
        { "550 5.1.1\t \tno such user\r\n", 550, "5.1.1", ["no such user"] },
        { "550 5.123.456 x\r\n", 550, "5.123.456", ["x"] },
        { "550 5.123.456\r\n", 550, "5.123.456", [""] },
        { "550 5.123.4567 x\r\n", 550, "", ["5.123.4567 x"] },
        { "550 4.7.1 try later\r\n", 550, "", ["4.7.1 try later"] },
        { "451 5.7.1 odd\r\n", 451, "", ["5.7.1 odd"] },
        { "550 no 5.1.1 here\r\n", 550, "", ["no 5.1.1 here"] },
        { "550 5.1.1.2 x\r\n", 550, "", ["5.1.1.2 x"] },
        { "250-a\r\n250-b\r\n250 c\r\n", 250, "", ["a", "b", "c"] },
        { "250-\r\n250\r\n", 250, "", ["", ""] },
        { "550-5.7.1 one\r\n550-two\r\n550 5.7.1 three\r\n", 550, "5.7.1", ["one", "two", "three"] },
        { "550-one\r\n550 5.7.26 two\r\n", 550, "5.7.26", ["one", "two"] },
        { "550 Bo\xc3\xaete\tpleine\r\n", 550, "", ["Boîte pleine"] },
        { "550 \x1b[31mred\x07\r\n", 550, "", [@"\x1b[31mred\x07"] },
        { "550 a\x7f\r\n", 550, "", [@"a\x7f"] },
        { "550 \xff\xfe\r\n", 550, "", [@"\xff\xfe"] },
        { "550 \xe2\x80\xae" + "evil\r\n", 550, "", [@"\u202eevil"] },
        { "550 \xc2\x85\xe2\x80\xa8\r\n", 550, "", [@"\u0085\u2028"] },
        { "550 5.1.1 %s%n `id` {job=\"a\"}\r\n", 550, "5.1.1", ["%s%n `id` {job=\"a\"}"] },
    };

    public static TheoryData<string, ReplyProblem> Rejected => new()
    {
        { "250 OK\n", ReplyProblem.BareCrOrLf },
        { "\n", ReplyProblem.BareCrOrLf },
        { "250 a\rb\r\n", ReplyProblem.BareCrOrLf },
        { "250 a\r\r\n", ReplyProblem.BareCrOrLf },
        { "250-a\n250 b\r\n", ReplyProblem.BareCrOrLf },
        { "250 a\0b\r\n", ReplyProblem.ControlCharacter },
        { "\r\n", ReplyProblem.BadCode },
        { "25\r\n", ReplyProblem.BadCode },
        { "ABC hello\r\n", ReplyProblem.BadCode },
        { "2xx\r\n", ReplyProblem.BadCode },
        { "2500 x\r\n", ReplyProblem.BadCode },
        { "250_x\r\n", ReplyProblem.BadCode },
        { "150 x\r\n", ReplyProblem.BadCode },
        { "650 x\r\n", ReplyProblem.BadCode },
        { "HTTP/1.1 400 Bad Request\r\n", ReplyProblem.BadCode },
        { "250-a\r\n550 b\r\n", ReplyProblem.CodesDiffer },
        { "250-a\r\n251-b\r\n250 c\r\n", ReplyProblem.CodesDiffer },
        { "250-a\r\nb\r\n", ReplyProblem.BadCode },
    };

    [Theory]
    [MemberData(nameof(Complete))]
    public void TryParse_WholeReplyInAnyCut_IsRead(string wire, int code, string enhanced, string[] lines)
    {
        foreach (var segments in Cuts.Of(Bytes.Of(wire)))
        {
            ReplyParser.TryParse(Sequences.Of(segments), out var reply, out var consumed, out var problem).ShouldBe(ParseStatus.Complete);
            consumed.ShouldBe(wire.Length);
            problem.ShouldBe(ReplyProblem.None);
            reply!.Code.ShouldBe(code);
            reply.Enhanced.ToString().ShouldBe(enhanced);
            reply.Lines.ShouldBe(lines);
        }
    }

    [Theory]
    [MemberData(nameof(Complete))]
    public void TryParse_EveryPrefix_IsIncompleteAndConsumesNothing(string wire, int code, string enhanced, string[] lines)
    {
        for (var length = 0; length < wire.Length; length++)
        {
            ReplyParser.TryParse(new(Bytes.Of(wire[..length])), out var reply, out var consumed, out var problem)
                .ShouldBe(ParseStatus.Incomplete);
            (reply, consumed, problem).ShouldBe((null, 0, ReplyProblem.None));
        }

        // The next reply stays where it is.
        ReplyParser.TryParse(new(Bytes.Of(wire + wire)), out var first, out var end, out _).ShouldBe(ParseStatus.Complete);
        end.ShouldBe(wire.Length);
        first!.ToString().ShouldBe(new SmtpReply(code, enhanced.Length == 0 ? default : Enhanced(enhanced), lines).ToString());
    }

    [Theory]
    [MemberData(nameof(Rejected))]
    public void TryParse_BadReplyInAnyCut_IsRejectedAndConsumesNothing(string wire, ReplyProblem expected)
    {
        foreach (var segments in Cuts.Of(Bytes.Of(wire)))
        {
            ReplyParser.TryParse(Sequences.Of(segments), out var reply, out var consumed, out var problem).ShouldBe(ParseStatus.Rejected);
            (reply, consumed, problem).ShouldBe((null, 0, expected));
        }
    }

    [Fact]
    public void TryParse_LongestLine_IsTaken()
    {
        var wire = "250 " + LongestText + "\r\n";
        wire.Length.ShouldBe(ReplyParser.MaxLine);
        ReplyParser.TryParse(new(Bytes.Of(wire)), out var reply, out _, out _).ShouldBe(ParseStatus.Complete);
        reply!.Text.ShouldBe(LongestText);
    }

    [Theory]
    [InlineData("250 ", "x\r\n")]
    [InlineData("250 ", "xx")]
    [InlineData("250 ", "xxxxxxxxxx")]
    [InlineData("250-a\r\n250 ", "x\r\n")]
    public void TryParse_LineBeyondTheCap_IsRejected(string before, string behind)
    {
        ReplyParser.TryParse(new(Bytes.Of(before + LongestText + behind)), out _, out _, out var problem).ShouldBe(ParseStatus.Rejected);
        problem.ShouldBe(ReplyProblem.LineTooLong);
    }

    [Theory]
    [InlineData(ReplyParser.MaxLines - 1, ParseStatus.Complete, ReplyProblem.None)]
    [InlineData(ReplyParser.MaxLines, ParseStatus.Rejected, ReplyProblem.TooManyLines)]
    [InlineData(1_000_000, ParseStatus.Rejected, ReplyProblem.TooManyLines)]
    public void TryParse_ManyLines_AreCapped(int continued, ParseStatus status, ReplyProblem expected)
    {
        var wire = string.Concat(Enumerable.Repeat("250-x\r\n", continued)) + "250 end\r\n";
        ReplyParser.TryParse(new(Bytes.Of(wire)), out var reply, out _, out var problem).ShouldBe(status);
        problem.ShouldBe(expected);
        (reply?.Lines.Count ?? 0).ShouldBe(status == ParseStatus.Complete ? ReplyParser.MaxLines : 0);
    }

    [Fact]
    public void TryParse_RandomBytes_GivesLinesFitToShow()
    {
        string[] pieces = ["250", "-", " ", "\r\n", "\n", "\r", "\0", "5.1.1", "2.0.0 ", "\x1b[0m", "\xc3\xa9", "\xff", "550 ", "text",
            "\xe2\x80\xae"];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = Bytes.Of("250" + string.Concat(Enumerable.Range(0,
                random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)])) + "\r\n");
            var status = ReplyParser.TryParse(new(bytes), out var reply, out var consumed, out var problem);
            var cut = ReplyParser.TryParse(Sequences.Of(Cuts.AtRandom(bytes, random)), out _, out var cutConsumed, out var cutProblem);
            (cut, cutConsumed, cutProblem).ShouldBe((status, consumed, problem), $"seed {seed}");
            (status == ParseStatus.Rejected).ShouldBe(problem != ReplyProblem.None, $"seed {seed}");
            if (reply is not null) reply.ToString().ShouldNotContain(c => char.IsControl(c) || c == '\u202e', $"seed {seed}");
        }
    }

    private static EnhancedCode Enhanced(string text) => EnhancedCode.TryParse(text, out var code) ? code : throw new FormatException(text);
}
