using System.Text;
using Shouldly;
using Webcluster.Protocol.Dsn;
using Xunit;

namespace Webcluster.Protocol.Tests.Dsn;

public sealed class FieldTextTests
{
    private static string Fold(string value, int column, string indent)
    {
        var output = new StringBuilder();
        FieldText.AppendFolded(output, value, column, indent);
        return output.ToString();
    }

    private static string X(int count) => new('x', count);

    public static TheoryData<string, int, string, string> Folds => new()
    {
        { "a b", 0, "", "a b" },
        { X(77) + " b", 0, "", X(77) + "\r\n b" },
        { X(76) + " b", 0, "", X(76) + " b" },
        { X(74) + " b", 3, "", X(74) + "\r\n b" },
        { "a  " + X(76), 0, "", "a\r\n  " + X(76) },
        { "a " + X(100) + " b", 0, "", "a\r\n " + X(100) + "\r\n b" },
        { "a " + X(76), 4, "   ", "a\r\n    " + X(76) },
        { X(999), 0, "", X(998) + "\r\n x" },
        { X(998), 0, "", X(998) },
        { X(997) + "ä", 0, "", X(997) + "\r\n ä" },
        { "a" + new string(' ', 600) + "b", 0, "", "a\r\n b" },
        { X(78) + " ", 0, "", X(78) },
        { "", 0, "", "" },
    };

    [Theory]
    [MemberData(nameof(Folds))]
    public void AppendFolded_Value_BreaksBeforeSpaces(string value, int column, string indent, string expected) =>
        Fold(value, column, indent).ShouldBe(expected);

    [Theory]
    [InlineData("a\r\nb\0c", true, "a??b?c")]
    [InlineData(" a \r\n", true, "a")]
    [InlineData("a\u0085b\u2028c\u2029d\u007f", true, "a?b?c?d?")]
    [InlineData("ä💥", true, "ä💥")]
    [InlineData("ä💥", false, "\\x{E4}\\x{1F4A5}")]
    public void Clean_Text_HasNoControls(string text, bool utf8, string expected) => FieldText.Clean(text, utf8).ShouldBe(expected);

    [Fact]
    public void Clean_HalfASurrogatePair_IsReplaced() => FieldText.Clean("\ud800x", utf8: true).ShouldBe("\ufffdx");
}
