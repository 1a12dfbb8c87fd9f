using Shouldly;
using Webcluster.Queue.Messages;
using Xunit;

namespace Webcluster.Queue.Tests.Messages;

public sealed class MessageTagsTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("Spring-2026/de:wave=1", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("a,b", false)]
    [InlineData("a\n", false)]
    [InlineData("a\0", false)]
    [InlineData("caf\u00e9", false)]
    [InlineData("\"a\"", false)]
    public void IsTag_Text_IsOneOrNot(string text, bool expected) => MessageTags.IsTag(text).ShouldBe(expected);

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void IsTag_LengthAtTheEdge_IsBounded(int length, bool expected) => MessageTags.IsTag(new string('x', length)).ShouldBe(expected);

    [Fact]
    public void Of_TooManyAndRepeated_KeepsTheFirst()
    {
        var tags = MessageTags.Of(["b", "a", "b", "not one", "c", "d", "e", "f", "g", "h", "i"]);

        tags.Values.ShouldBe(["b", "a", "c", "d", "e", "f", "g", "h"]);
        MessageTags.Parse(tags.ToString()).ShouldBe(tags);
        (tags == default).ShouldBeFalse();
    }

    [Fact]
    public void Parse_Nothing_IsTheDefault() => MessageTags.Parse("").ShouldBe(default);
}
