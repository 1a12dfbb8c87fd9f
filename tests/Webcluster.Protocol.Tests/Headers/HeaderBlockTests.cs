using System.Text;
using Shouldly;
using Webcluster.Protocol.Headers;
using Xunit;

namespace Webcluster.Protocol.Tests.Headers;

public sealed class HeaderBlockTests
{
    public static TheoryData<string, string, string, HeaderDefects> Rows => new()
    {
        { "", "", "", HeaderDefects.None },
        { "\r\n", "", "", HeaderDefects.None },
        { "\r\nbody", "", "body", HeaderDefects.None },
        { "A: 1\r\n\r\nbody\r\n", "A: 1\r\n", "body\r\n", HeaderDefects.None },
        { "A: 1\r\nB: 2\r\n\r\n", "A: 1\r\n|B: 2\r\n", "", HeaderDefects.None },
        { "A: 1\r\n x\r\n\ty\r\nB:\r\n\r\nC: 3\r\n", "A: 1\r\n x\r\n\ty\r\n|B:\r\n", "C: 3\r\n", HeaderDefects.None },
        { "A: 1\r\n \r\nB: 2\r\n\r\n", "A: 1\r\n \r\n|B: 2\r\n", "", HeaderDefects.None },
        { "A: 1\r\n", "A: 1\r\n", "", HeaderDefects.None },
        { "A: 1", "A: 1", "", HeaderDefects.None },
        { "A \t: 1\r\n\r\n", "A \t: 1\r\n", "", HeaderDefects.None },
        { "A: 1\nB: 2\r\n\r\n", "A: 1\nB: 2\r\n", "", HeaderDefects.None },
        { "__proto__: x\r\n\r\n", "__proto__: x\r\n", "", HeaderDefects.None },
        { " x\r\nA: 1\r\n\r\n", "", " x\r\nA: 1\r\n\r\n", HeaderDefects.FirstLineIsContinuation },
        { "A: 1\r\nno field\r\n\r\nx", "A: 1\r\n", "no field\r\n\r\nx", HeaderDefects.LineWithoutColon },
        { "word\r\n\r\n", "", "word\r\n\r\n", HeaderDefects.LineWithoutColon },
        { "word", "", "word", HeaderDefects.LineWithoutColon },
        { "A: 1\r\n\r", "A: 1\r\n", "\r", HeaderDefects.LineWithoutColon },
        { "A: 1\r\nB b: 2\r\n\r\n", "A: 1\r\n", "B b: 2\r\n\r\n", HeaderDefects.BadFieldName },
        { ": 1\r\n\r\n", "", ": 1\r\n\r\n", HeaderDefects.BadFieldName },
        { "A\u00e9: 1\r\n\r\n", "", "A\u00e9: 1\r\n\r\n", HeaderDefects.BadFieldName },
        { "A\0: 1\r\n\r\n", "", "A\0: 1\r\n\r\n", HeaderDefects.BadFieldName },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Scan_Row_HasFieldsBodyAndDefects(string message, string fields, string body, HeaderDefects defects)
    {
        var block = Scan(message);
        string.Join('|', block.Fields.ToArray().Select(field => Text(block.Message.Span[field.Start..field.End]))).ShouldBe(fields);
        Text(block.Message.Span[..block.HeaderLength]).ShouldBe(fields.Replace("|", "", StringComparison.Ordinal));
        Text(block.Message.Span[block.BodyOffset..]).ShouldBe(body);
        block.Defects.ShouldBe(defects);
    }

    [Fact]
    public void Scan_LongName_IsAField()
    {
        var name = new string('n', 1000);
        var block = Scan(name + ": v\r\n\r\n");
        block.Fields.ToArray().ShouldBe([new HeaderField(0, 1000, 1005)]);
        block.FirstValue(Encoding.ASCII.GetBytes(name)).ShouldBe("v");
    }

    [Theory]
    [InlineData(HeaderBlock.MaxFields, HeaderDefects.None)]
    [InlineData(HeaderBlock.MaxFields + 1, HeaderDefects.TooManyFields)]
    public void Scan_ManyFields_StopsAtTheLimit(int count, HeaderDefects defects)
    {
        var block = Scan(string.Concat(Enumerable.Repeat("A: 1\r\n", count)) + "\r\nbody");
        block.Fields.Length.ShouldBe(HeaderBlock.MaxFields);
        block.HeaderLength.ShouldBe(6 * HeaderBlock.MaxFields);
        block.Defects.ShouldBe(defects);
    }

    [Theory]
    [InlineData(HeaderBlock.MaxOctets, 1, HeaderDefects.None)]
    [InlineData(HeaderBlock.MaxOctets + 1, 0, HeaderDefects.BlockTooLarge)]
    public void Scan_LongField_StopsAtTheLimit(int octets, int fields, HeaderDefects defects)
    {
        var block = Scan("A: " + new string('x', octets - 5) + "\r\n\r\nbody");
        block.Fields.Length.ShouldBe(fields);
        block.HeaderLength.ShouldBe(fields * octets);
        block.BodyOffset.ShouldBe(fields * (octets + 2));
        block.Defects.ShouldBe(defects);
    }

    [Fact]
    public void Scan_ManyContinuationsBeyondTheLimit_KeepsWhatFits()
    {
        var block = Scan("A: 1\r\n" + string.Concat(Enumerable.Repeat(" x\r\n", HeaderBlock.MaxOctets)));
        block.Defects.ShouldBe(HeaderDefects.BlockTooLarge);
        block.Fields.Length.ShouldBe(1);
        block.HeaderLength.ShouldBe(block.Fields[0].End);
        block.HeaderLength.ShouldBeLessThanOrEqualTo(HeaderBlock.MaxOctets);
        block.HeaderLength.ShouldBeGreaterThan(HeaderBlock.MaxOctets - 4);
    }

    [Fact]
    public void FirstValue_FoldedField_IsUnfoldedAndTrimmed()
    {
        var block = Scan("Subject : \tone\r\n  two\r\n\tthree \r\nsubject: other\r\nX: \xc3\r\nEmpty:\r\n\r\n", Encoding.Latin1);
        block.FirstValue("subject"u8).ShouldBe("one  two\tthree");
        block.FirstValue("X"u8).ShouldBe("\ufffd");
        block.FirstValue("EMPTY"u8).ShouldBe("");
        block.FirstValue("Subjec"u8).ShouldBeNull();
        block.Count("SUBJECT"u8).ShouldBe(2);
        block.Count("To"u8).ShouldBe(0);
        block.Fields[0].NameLength.ShouldBe(7);
    }

    [Fact]
    public void Scan_RandomBytes_CoversTheHeaderWithoutGaps()
    {
        const string alphabet = "aB: \t\r\n\r\n\r\n\0\u00e9";
        for (var seed = 0; seed < 10_000; seed++)
        {
            var random = new Random(seed);
            var block = Scan(new string(Enumerable.Range(0,
                random.Next(40)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToArray()));
            var at = 0;
            foreach (var field in block.Fields)
            {
                field.Start.ShouldBe(at, $"seed {seed}");
                block.Message.Span[field.Start..field.End].Contains((byte)':').ShouldBeTrue($"seed {seed}");
                block.Value(field).Length.ShouldBeLessThan(field.End - field.Start, $"seed {seed}");
                at = field.End;
            }

            block.HeaderLength.ShouldBe(at, $"seed {seed}");
            block.BodyOffset.ShouldBeInRange(at, Math.Min(at + 2, block.Message.Length), $"seed {seed}");
        }
    }

    private static HeaderBlock Scan(string message, Encoding? encoding = null) =>
        HeaderBlock.Scan((encoding ?? Encoding.UTF8).GetBytes(message));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
