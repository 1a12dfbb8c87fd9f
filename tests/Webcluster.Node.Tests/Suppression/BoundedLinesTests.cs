using System.IO.Pipelines;
using System.Text;
using Shouldly;
using Webcluster.Node.Suppression;
using Xunit;

namespace Webcluster.Node.Tests.Suppression;

public sealed class BoundedLinesTests
{
    private const string TooLong = "the line has more than 8 octets";

    public static TheoryData<string, string[]> Texts { get; } = new()
    {
        { "", [] },
        { "a", ["1 a"] },
        { "a\n", ["1 a"] },
        { "a\r\nb\r\n", ["1 a", "2 b"] },
        { "\n\na\n\nb", ["3 a", "5 b"] },
        { "\u00ef\u00bb\u00bfa\nb", ["1 a", "2 b"] },
        { "12345678\nb", ["1 12345678", "2 b"] },
        { "123456789\nb", [$"1 {TooLong}", "2 b"] },
        { "12345678901234567890\nb\n12345678901234567890", [$"1 {TooLong}", "2 b", $"3 {TooLong}"] },
        { "\xff\nb", ["1 the line is not UTF-8", "2 b"] },
        { "\u00c3\u00bc\n", ["1 ü"] },
        { "a\rb\n", ["1 a\rb"] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Next_Text_IsTheseLinesWhereverItIsCut(string text, string[] expected)
    {
        var octets = Encoding.Latin1.GetBytes(text);

        (await LinesAsync([octets])).ShouldBe(expected, customMessage: "whole");
        for (var cut = 0; cut <= octets.Length; cut++) (await LinesAsync([octets[..cut], octets[cut..]])).ShouldBe(expected, customMessage: $"cut at {cut}");
        (await LinesAsync([.. octets.Select(octet => new[] { octet })])).ShouldBe(expected, customMessage: "octet by octet");
    }

    private static async Task<IEnumerable<string>> LinesAsync(IReadOnlyList<byte[]> parts)
    {
        var pipe = new Pipe();
        using var lines = new BoundedLines(pipe.Reader, 8);
        var found = new List<string>();
        var reading = Task.Run(async () =>
        {
            while (await lines.NextAsync(CancellationToken.None) is { } line) found.Add($"{line.Number} {line.Text ?? line.Problem}");
        });
        foreach (var part in parts) await pipe.Writer.WriteAsync(part);
        await pipe.Writer.CompleteAsync();
        await reading.WaitAsync(TimeSpan.FromSeconds(20));
        return found;
    }
}
