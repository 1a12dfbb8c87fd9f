using System.Text;
using Shouldly;
using Webcluster.Protocol.Dsn;
using Xunit;

namespace Webcluster.Protocol.Tests.Dsn;

public sealed class QuotedPrintableTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "", "" },
        { "a\r\nb\r\n", "a\r\nb\r\n" },
        { "ä=\r\n", "=C3=A4=3D\r\n" },
        { "a \r\n", "a=20\r\n" },
        { "a ", "a=20" },
        { "a b", "a b" },
        { new string('x', 76) + "\r\n", new string('x', 76) + "\r\n" },
        { new string('x', 77) + "\r\n", new string('x', 75) + "=\r\nxx\r\n" },
        { new string('x', 74) + "äy", new string('x', 74) + "=\r\n=C3=A4y" },
        { new string('x', 73) + " \r\n", new string('x', 73) + "=20\r\n" },
        { new string('x', 74) + " \r\n", new string('x', 74) + "=\r\n=20\r\n" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Encode_Text_IsExactly(string text, string expected) =>
        Encoding.ASCII.GetString(QuotedPrintable.Encode(Encoding.UTF8.GetBytes(text))).ShouldBe(expected);
}
