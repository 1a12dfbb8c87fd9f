using System.Text;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Buffers;
using Webcluster.Protocol.Units;
using Xunit;

namespace Webcluster.Protocol.Tests.Buffers;

public sealed class RentedWriterTests
{
    [Fact]
    public void Write_InterpolatedString_IsItsTextInUtf8()
    {
        using var writer = new RentedWriter(1);
        writer.Write("A: "u8);
        writer.Write($"<{new Mailbox("jörg", "site.example")}>, {"naïve"} {42} {new MailDate(DateTimeOffset.UnixEpoch)}");
        writer.Write($"{""}");
        Encoding.UTF8.GetString(writer.Written).ShouldBe("A: <jörg@site.example>, naïve 42 Thu, 01 Jan 1970 00:00:00 +0000");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(5000)]
    public void Write_ValueOfAnyLength_IsWhole(int length)
    {
        using var writer = new RentedWriter(1);
        var value = new Mailbox(new string('x', length), "");
        writer.Write($"({value})({value.LocalPart})");
        Encoding.UTF8.GetString(writer.Written).ShouldBe($"({value.LocalPart})({value.LocalPart})");
        writer.WrittenMemory.Length.ShouldBe(2 * length + 4);
    }
}
