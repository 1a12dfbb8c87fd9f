using System.Text;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Xunit;

namespace Webcluster.Protocol.Tests.Dsn;

/// <summary>Whatever others wrote, it stays in its field, its line and its part.</summary>
public sealed class DsnHostileTests
{
    private static readonly string[] FieldNames =
        ["Original-Envelope-Id", "Reporting-MTA", "Arrival-Date", "Original-Recipient", "Final-Recipient", "Action", "Status",
            "Remote-MTA", "Diagnostic-Code",
            "Last-Attempt-Date", "Will-Retry-Until"];

    [Fact]
    public void Write_RandomTexts_StayInTheirFields()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var recipient = DsnReports.Bob with
            {
                Recipient = new Mailbox(Noise(random), "example.com"),
                OriginalRecipient = random.Next(2) == 0 ? "rfc822;" + Noise(random) : Noise(random),
                RemoteMta = Noise(random),
                Diagnostic = new SmtpReply(550, default, [Noise(random), Noise(random)]),
                Explanation = Noise(random),
            };
            var report = DsnReports.For(recipient, recipient)
                with { EnvelopeId = Noise(random), UseUtf8 = random.Next(2) == 0, Original = default };
            CheckLines(DsnReports.Text(report), seed);
        }
    }

    private static void CheckLines(string text, int seed)
    {
        var lines = text.Split("\r\n");
        foreach (var line in lines)
        {
            line.Any(char.IsControl).ShouldBeFalse($"seed {seed}");
            Encoding.UTF8.GetByteCount(line).ShouldBeLessThanOrEqualTo(998, $"seed {seed}");
            if (line.Length > 0) line.Trim(' ').ShouldNotBeEmpty($"seed {seed}: a line of spaces");
        }
        var boundary = BoundaryOf(text);
        lines.Count(l => l.StartsWith("--" + boundary, StringComparison.Ordinal)).ShouldBe(4, $"seed {seed}");
        // Two groups and the one of the message, whose lines are fields of ours or continuations.
        var groups = DsnReports.Part(text, 2, boundary).Split("\r\n\r\n");
        groups.Length.ShouldBe(3, $"seed {seed}");
        foreach (var line in groups.SelectMany(g => g.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)))
            (line[0] == ' ' || FieldNames.Contains(line.Split(':')[0])).ShouldBeTrue($"seed {seed}: {line}");
        groups.Skip(1).Count(g => g.Contains("\r\nAction: failed\r\nStatus: 5.1.1\r\n", StringComparison.Ordinal))
            .ShouldBe(2, $"seed {seed}");
    }

    private static string BoundaryOf(string report) => report.Split("boundary=\"")[1].Split('"')[0];

    private static string Noise(Random random)
    {
        string[] pieces =
        [
            "\r\n", "\r", "\n", "\0", "\t", " ", "  ", "\r\n\r\n", "--=_boundary", "\r\n--=_boundary--", ": ", ";", "\u0085", "\u2028",
                "\ud800", "ä", "用", "💥",
            "word", "Action: delivered", new('x', 1200), new(' ', 1200), "=", "\\", "<", ">", "\"", "\u007f", "550 ",
        ];
        return string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    [Fact]
    public void Write_HeaderFields_CannotBeBrokenOutOf()
    {
        var text = DsnReports.Text(DsnReports.Failure with
        {
            ReportingMta = "a\r\nX: y", MessageId = "a\r\nX: y", To = new Mailbox("a\r\nX: y", "b"), From = new Mailbox("a\nX: y", "b"),
        });
        text.ShouldNotContain("\nX: y");
    }

    [Fact]
    public void Write_BoundaryInTheOriginal_IsReplaced()
    {
        var original = Encoding.UTF8.GetBytes("A: b\r\n\r\n--=_boundary--\r\n");
        var text = DsnReports.Text(DsnReports.Failure with { Original = original });
        var boundary = BoundaryOf(text);
        boundary.ShouldNotBe("=_boundary");
        boundary.ShouldMatch("^=_[0-9a-f]{64}$");
        text.Split("\r\n--" + boundary).Length.ShouldBe(5);
        DsnReports.Part(text, 3, boundary).ShouldBe(Encoding.UTF8.GetString(original));
    }

    [Fact]
    public void Write_BoundaryInAReply_IsReplaced() =>
        DsnReports.Text(DsnReports.For(DsnReports.Bob with { Diagnostic = new SmtpReply(550, default, "--=_boundary") }))
            .ShouldNotContain("boundary=\"=_boundary\"");

    [Theory]
    [InlineData("")]
    [InlineData("a\"b")]
    [InlineData("a\r\nb")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234567890")]
    public void Write_BoundaryThatCannotBeOne_IsReplaced(string boundary) =>
        DsnReports.Text(DsnReports.Failure with { Boundary = boundary }).ShouldMatch("boundary=\"=_[0-9a-f]{64}\"\r\n");

    [Fact]
    public void Write_LongReply_IsFoldedAtWordsAndUnfoldsToItself()
    {
        var reply = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"word{i}"));
        var text = DsnReports.Part(DsnReports.Text(DsnReports.For(DsnReports.Bob
            with { Diagnostic = new SmtpReply(550, default, reply) })), 2);
        text.Split("\r\n").ShouldAllBe(l => l.Length <= 78);
        text.Replace("\r\n ", " ", StringComparison.Ordinal).ShouldContain($"Diagnostic-Code: smtp; 550 {reply}\r\n");
    }

    [Fact]
    public void Write_EndlessReply_IsCut()
    {
        var lines = Enumerable.Repeat(new string('x', 2000), 100).ToList();
        DsnReports.Text(DsnReports.For(DsnReports.Bob
            with { Diagnostic = new SmtpReply(550, default, lines) })).Length.ShouldBeLessThan(12_000);
    }
}
