using System.Buffers;
using Shouldly;
using Webcluster.Protocol.Smtp;
using Webcluster.TestKit.Pipes;
using Xunit;

namespace Webcluster.Protocol.Tests.Smtp;

public sealed class DataDecoderTests
{
    private static readonly string Longest = new('a', DataDecoder.MaxTextLine);

    public static TheoryData<string, string, ContentDefects> Rows => new()
    {
        { ".\r\n", "", ContentDefects.None },
        { "\r\n.\r\n", "\r\n", ContentDefects.None },
        { "a\r\n.\r\n", "a\r\n", ContentDefects.None },
        { "a\r\nb\r\n.\r\n", "a\r\nb\r\n", ContentDefects.None },
        { "..\r\n.x\r\n...\r\n.\r\n", ".\r\nx\r\n..\r\n", ContentDefects.None },
        { "..\r\n.\r\n", ".\r\n", ContentDefects.None },
        { "a.\r\n.\r\n", "a.\r\n", ContentDefects.None },
        { "a\r\n..\r\n.\r\n", "a\r\n.\r\n", ContentDefects.None },
        { "\r\n\r\n\r\n.\r\n", "\r\n\r\n\r\n", ContentDefects.None },
        { "\xe9\xff\r\n.\r\n", "\xe9\xff\r\n", ContentDefects.None },
        { "a\n.\n\r\n.\r\n", "a\n.\n\r\n", ContentDefects.BareLf },
        { "a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", ContentDefects.BareLf },
        { "a\r.\r\r\n.\r\n", "a\r.\r\r\n", ContentDefects.BareCr },
        { "a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n", ContentDefects.BareCr },
        { "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", ContentDefects.BareLf },
        { "a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", ContentDefects.BareCr },
        { "a\r\n.\r\r\n.\r\n", "a\r\n\r\r\n", ContentDefects.BareCr },
        { "a\r\n.\r\r\r\n.\r\n", "a\r\n\r\r\r\n", ContentDefects.BareCr },
        { "a\r\n.\r.\r\n.\r\n", "a\r\n\r.\r\n", ContentDefects.BareCr },
        { "\n.\r\n\r\n.\r\n", "\n.\r\n\r\n", ContentDefects.BareLf },
        { "\r.\r\n\r\n.\r\n", "\r.\r\n\r\n", ContentDefects.BareCr },
        { ".\n\r\n.\r\n", "\n\r\n", ContentDefects.BareLf },
        { ".\r\r\n.\r\n", "\r\r\n", ContentDefects.BareCr },
        { "\0\r\n.\r\n", "\0\r\n", ContentDefects.Nul },
        { "\r\n\0.\r\n\r\n.\r\n", "\r\n\0.\r\n\r\n", ContentDefects.Nul },
        { "\r\n.\0\r\n\r\n.\r\n", "\r\n\0\r\n\r\n", ContentDefects.Nul },
        { "\r\0\n.\r\n\r\n.\r\n", "\r\0\n.\r\n\r\n", ContentDefects.BareCr | ContentDefects.BareLf | ContentDefects.Nul },
        { "\r\n.\r\0\n\r\n.\r\n", "\r\n\r\0\n\r\n", ContentDefects.BareCr | ContentDefects.BareLf | ContentDefects.Nul },
    };

    public static TheoryData<string, string, ContentDefects> LongRows => new()
    {
        { Longest + "\r\n.\r\n", Longest + "\r\n", ContentDefects.None },
        { "." + Longest + "\r\n.\r\n", Longest + "\r\n", ContentDefects.None },
        { Longest + "\r\n" + Longest + "\r\n.\r\n", Longest + "\r\n" + Longest + "\r\n", ContentDefects.None },
        { Longest + "a\r\n.\r\n", Longest + "a\r\n", ContentDefects.LineTooLong },
        { Longest + "a\r\nb\r\n.\r\n", Longest + "a\r\nb\r\n", ContentDefects.LineTooLong },
        { Longest + "\0\r\n.\r\n", Longest + "\0\r\n", ContentDefects.LineTooLong | ContentDefects.Nul },
        { Longest + "\n\r\n.\r\n", Longest + "\n\r\n", ContentDefects.LineTooLong | ContentDefects.BareLf },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    [MemberData(nameof(LongRows))]
    public void Decode_RowInAnyCut_GivesContentAndEnd(string data, string content, ContentDefects defects)
    {
        foreach (var segments in Cuts.Of(Bytes.Of(data))) Check(segments, content, defects,
            $"{segments.Count} segments, first {segments[0].Length}");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Decode_CommandsBehindTheEnd_AreNotConsumed(string data, string content, ContentDefects defects)
    {
        var decoder = new DataDecoder();
        var output = new ArrayBufferWriter<byte>();
        decoder.Decode(Bytes.Of(data + "QUIT\r\n.\r\n"), output, out var consumed).ShouldBeTrue();
        consumed.ShouldBe(data.Length);
        Bytes.Show(output.WrittenSpan).ShouldBe(content);
        decoder.Defects.ShouldBe(defects);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".\r")]
    [InlineData("a\r\n.\r")]
    [InlineData("a\r\n.\n")]
    [InlineData("a\n.\n")]
    public void Decode_NoEndYet_ConsumesAllAndWaits(string data)
    {
        var decoder = new DataDecoder();
        var bytes = Bytes.Of(data);
        decoder.Decode(bytes, new ArrayBufferWriter<byte>(), out var consumed).ShouldBeFalse();
        consumed.ShouldBe(bytes.Length);
    }

    [Fact]
    public void Reset_AfterDefects_BeginsAnew()
    {
        var decoder = new DataDecoder();
        decoder.Decode(Bytes.Of("a\0\n" + Longest + "\r\n.\r"), new ArrayBufferWriter<byte>(), out _).ShouldBeFalse();
        decoder.Reset();
        var output = new ArrayBufferWriter<byte>();
        decoder.Decode(Bytes.Of("b\r\n.\r\n"), output, out _).ShouldBeTrue();
        Bytes.Show(output.WrittenSpan).ShouldBe("b\r\n");
        decoder.Defects.ShouldBe(ContentDefects.None);
    }

    [Fact]
    public void Decode_WithoutOutput_StillFindsEndAndDefects()
    {
        var decoder = new DataDecoder();
        decoder.Decode(Bytes.Of("a\n..\r\n.\r\nNOOP\r\n"), output: null, out var consumed).ShouldBeTrue();
        consumed.ShouldBe(9);
        decoder.Defects.ShouldBe(ContentDefects.BareLf);
    }

    [Fact]
    public void Decode_RandomBytes_AgreesWithTheModel()
    {
        const string alphabet = "\r\n.\r\n.a\0";
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var text = new string(Enumerable.Range(0, random.Next(0, 40)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToArray());
            var data = text + "\r\n.\r\n";
            var end = EndOf(data);
            // rfc5321#4.5.2 in one line: the data behaves as if CRLF stood before it.
            var content = ("\r\n" + data[..(end - 3)]).Replace("\r\n.", "\r\n", StringComparison.Ordinal)[2..];
            Check(Cuts.AtRandom(Bytes.Of(data[..end]), random), content, DefectsOf(content), $"seed {seed}");
        }
    }

    private static int EndOf(string data) => ("\r\n" + data).IndexOf("\r\n.\r\n", StringComparison.Ordinal) + 3;

    private static ContentDefects DefectsOf(string content)
    {
        var defects = ContentDefects.None;
        foreach (var line in content.Split("\r\n"))
        {
            if (line.Contains('\r', StringComparison.Ordinal)) defects |= ContentDefects.BareCr;
            if (line.Contains('\n', StringComparison.Ordinal)) defects |= ContentDefects.BareLf;
            if (line.Contains('\0', StringComparison.Ordinal)) defects |= ContentDefects.Nul;
        }

        return defects;
    }

    private static void Check(IReadOnlyList<byte[]> segments, string content, ContentDefects defects, string because)
    {
        var decoder = new DataDecoder();
        var output = new ArrayBufferWriter<byte>();
        for (var index = 0; index < segments.Count; index++)
        {
            decoder.Decode(segments[index], output, out var consumed).ShouldBe(index == segments.Count - 1, because);
            consumed.ShouldBe(segments[index].Length, because);
        }

        Bytes.Show(output.WrittenSpan).ShouldBe(content, because);
        decoder.Defects.ShouldBe(defects, because);
    }
}
