using Shouldly;
using Webcluster.Protocol.Smtp;
using Webcluster.TestKit.Pipes;
using Xunit;

namespace Webcluster.Protocol.Tests.Smtp;

public sealed class ChunkInspectorTests
{
    public static TheoryData<string, ContentDefects> Rows => new()
    {
        { "", ContentDefects.None },
        { "a", ContentDefects.None },
        { "a\r\n", ContentDefects.None },
        { ".\r\n..\r\n", ContentDefects.None },
        { "a\n", ContentDefects.BareLf },
        { "\n", ContentDefects.BareLf },
        { "a\r", ContentDefects.BareCr },
        { "a\rb", ContentDefects.BareCr },
        { "a\r\r\n", ContentDefects.BareCr },
        { "a\r\r", ContentDefects.BareCr },
        { "a\r\n\n", ContentDefects.BareLf },
        { "\n\r", ContentDefects.BareCr | ContentDefects.BareLf },
        { "a\0", ContentDefects.Nul },
        { "\r\0", ContentDefects.BareCr | ContentDefects.Nul },
        { new string('a', 998) + "\r\n" + new string('b', 998), ContentDefects.None },
        { new string('a', 999), ContentDefects.LineTooLong },
        { new string('a', 999) + "\r\n", ContentDefects.LineTooLong },
        { new string('a', 500) + "\n" + new string('a', 498) + "\r\n", ContentDefects.BareLf | ContentDefects.LineTooLong },
        { new string('a', 500) + "\n" + new string('a', 497) + "\r\n", ContentDefects.BareLf },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Finish_RowInAnyCut_HasItsDefects(string content, ContentDefects defects)
    {
        foreach (var chunks in Cuts.Of(Bytes.Of(content)))
        {
            var inspector = new ChunkInspector();
            foreach (var chunk in chunks) inspector.Inspect(chunk);
            inspector.Finish();
            inspector.Defects.ShouldBe(defects);
        }
    }

    [Fact]
    public void Reset_WithCrPending_BeginsAnew()
    {
        var inspector = new ChunkInspector();
        inspector.Inspect(Bytes.Of(new string('a', 998) + "\0\r"));
        inspector.Reset();
        inspector.Inspect("a\r\n"u8);
        inspector.Finish();
        inspector.Defects.ShouldBe(ContentDefects.None);
    }
}
