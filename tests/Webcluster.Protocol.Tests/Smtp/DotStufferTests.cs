using System.Buffers;
using Shouldly;
using Webcluster.Protocol.Smtp;
using Webcluster.TestKit.Pipes;
using Xunit;

namespace Webcluster.Protocol.Tests.Smtp;

public sealed class DotStufferTests
{
    public static TheoryData<string, string> Rows => new()
    {
        { "", ".\r\n" },
        { "a\r\n", "a\r\n.\r\n" },
        { "a", "a\r\n.\r\n" },
        { ".", "..\r\n.\r\n" },
        { ".\r\n", "..\r\n.\r\n" },
        { "..\r\n", "...\r\n.\r\n" },
        { "a\r\n.\r\n.b\r\nc.d\r\n", "a\r\n..\r\n..b\r\nc.d\r\n.\r\n" },
        { "\r\n.\r\n", "\r\n..\r\n.\r\n" },
        { "\r\n\r\n", "\r\n\r\n.\r\n" },
        { "a.\r\n", "a.\r\n.\r\n" },
        { "a\r", "a\r\n.\r\n" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Write_RowInAnyCut_StuffsAndEnds(string content, string wire)
    {
        foreach (var parts in Cuts.Of(Bytes.Of(content))) Stuff(parts).ShouldBe(wire);
    }

    [Fact]
    public void Write_RandomContent_ComesBackThroughTheDecoder()
    {
        string[] lines = [".", "..", "a", "", ".a", "a."];
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var content = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => lines[random.Next(lines.Length)] + "\r\n"));
            var wire = Bytes.Of(Stuff(Cuts.AtRandom(Bytes.Of(content), random)));
            var decoder = new DataDecoder();
            var output = new ArrayBufferWriter<byte>();
            decoder.Decode(wire, output, out var consumed).ShouldBeTrue($"seed {seed}");
            consumed.ShouldBe(wire.Length, $"seed {seed}");
            Bytes.Show(output.WrittenSpan).ShouldBe(content, $"seed {seed}");
        }
    }

    private static string Stuff(IReadOnlyList<byte[]> parts)
    {
        var stuffer = new DotStuffer();
        var output = new ArrayBufferWriter<byte>();
        foreach (var part in parts) stuffer.Write(part, output);
        output.Write(stuffer.End);
        return Bytes.Show(output.WrittenSpan);
    }
}
