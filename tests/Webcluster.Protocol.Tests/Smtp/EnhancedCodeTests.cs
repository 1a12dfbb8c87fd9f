using Shouldly;
using Webcluster.Protocol.Smtp;
using Xunit;

namespace Webcluster.Protocol.Tests.Smtp;

public sealed class EnhancedCodeTests
{
    [Theory]
    [InlineData("2.0.0", "2.0.0", 5)]
    [InlineData("5.1.10 no", "5.1.10", 6)]
    [InlineData("4.999.999 x", "4.999.999", 9)]
    [InlineData("3.1.1", "", 0)]
    [InlineData("5.1", "", 0)]
    [InlineData("5.1.", "", 0)]
    [InlineData("5..1", "", 0)]
    [InlineData("5.1.1.1", "", 0)]
    [InlineData("5.1.1:", "", 0)]
    [InlineData("5.1000.1", "", 0)]
    [InlineData("5.1.1000", "", 0)]
    [InlineData("", "", 0)]
    public void TryParsePrefix_Row_GivesCodeAndLength(string text, string code, int length)
    {
        EnhancedCode.TryParsePrefix(text, out var parsed, out var found).ShouldBe(length > 0);
        (parsed.ToString(), found).ShouldBe((code, length));
    }

    [Theory]
    [InlineData("5.1.1", true)]
    [InlineData("5.1.1 ", false)]
    public void TryParse_Text_MustBeTheCodeAlone(string text, bool valid) => EnhancedCode.TryParse(text, out _).ShouldBe(valid);
}
