using Shouldly;
using Webcluster.Protocol.Reports;
using Xunit;

namespace Webcluster.Protocol.Tests.Reports;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("您发往ann@a.exampleの", "ann@a.example")]
    [InlineData("ann@mail.a.example宛のメール", "ann@mail.a.example")]
    [InlineData("メールann@a.example", "ann@a.example")]
    [InlineData("수신자ann@a.example에게", "ann@a.example")]
    [InlineData("ann@a.exampleとben@b.exampleに", "ann@a.example ben@b.example")]
    // Addresses of such scripts.
    [InlineData("山田@例え.テスト", "山田@例え.テスト")]
    [InlineData("山田@a.example", "山田@a.example")]
    [InlineData("测试1@例子.测试", "测试1@例子.测试")]
    [InlineData("ann@例え.example", "ann@例え.example")]
    [InlineData("ann@abc日本.example", "ann@abc日本.example")]
    [InlineData("größe@grün.example", "größe@grün.example")]
    [InlineData("@a.example ann@", "")]
    [InlineData("ann@a.", "")]
    [InlineData("ann@", "")]
    public void All_BetweenWordsWithoutSpaces_EndAtTheScript(string text, string expected) =>
        string.Join(' ', AddressText.All(text, 10)).ShouldBe(expected);
}
