using Shouldly;
using Webcluster.Protocol.Bounces;
using Xunit;

namespace Webcluster.Protocol.Tests.Bounces;

public sealed class ReplyFinderTests
{
    [Theory]
    [InlineData("550 no such user", 550, 0)]
    [InlineData("550-5.1.1 no such user", 550, 0)]
    [InlineData("host mx.example.com said: 451 later", 451, 26)]
    [InlineData("Remote host said: 550", 550, 18)]
    [InlineData("<<< 554 no", 554, 4)]
    [InlineData("one\n421 two", 421, 4)]
    [InlineData("220-mx 421 4.2.1 busy", 421, 7)]
    [InlineData("220 hello 421 busy", null, -1)]
    [InlineData("after 450 lines", null, -1)]
    [InlineData("432000 seconds", null, -1)]
    [InlineData("error 500 bytes", null, -1)]
    [InlineData("250 2.1.5 Ok", null, -1)]
    [InlineData("10.1.550.2", null, -1)]
    [InlineData("590 x", null, -1)]
    [InlineData("", null, -1)]
    // Telephone numbers.
    [InlineData("For help call (415) 555-2671", null, -1)]
    [InlineData("Phone: 512-555-0100.", null, -1)]
    [InlineData("+1 503-555-1234", null, -1)]
    [InlineData("call (415) 555-2671: 550 no such user", 550, 21)]
    // East Asian text.
    [InlineData("错误：452 x", 452, 3)]
    [InlineData("错误信息： 452 x", 452, 6)]
    [InlineData("エラー（550）", 550, 4)]
    [InlineData("错误代码550，用户不存在", 550, 4)]
    [InlineData("返回：550用户不存在", 550, 3)]
    [InlineData("응답 코드 550", 550, 6)]
    [InlineData("已等待：500秒", null, -1)]
    [InlineData("共450行", null, -1)]
    // What is not quite one.
    [InlineData("(550) 555-26711 x", 550, 1)]
    [InlineData("554-192.0.2.1 is listed", 554, 0)]
    [InlineData("550-5.7.26 x", 550, 0)]
    [InlineData("550 555-1234", 550, 0)]
    public void Reply_Text_IsFirstNegative(string text, int? reply, int start)
    {
        ReplyFinder.Reply(text, out var at).ShouldBe(reply);
        at.ShouldBe(start);
    }

    [Theory]
    [InlineData("5.1.1", "5.1.1")]
    [InlineData("(#5.1.1)", "5.1.1")]
    [InlineData("failed: 4.4.7.", "4.4.7")]
    [InlineData("550-5.7.26 x", "5.7.26")]
    [InlineData("at 5.1.1.1 it failed", "")]
    [InlineData("Postfix 2.5.1", "2.5.1")]
    [InlineData("v5.1.1", "")]
    [InlineData("x-5.1.1", "")]
    [InlineData("5.1", "")]
    [InlineData("5.1234.1", "")]
    public void Status_Text_IsFirstCode(string text, string expected) => ReplyFinder.Status(text).ToString().ShouldBe(expected);
}
