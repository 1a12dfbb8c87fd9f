using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Submission.Auth;
using Xunit;

namespace Webcluster.Submission.Tests.Auth;

public sealed class SenderPatternsTests
{
    [Theory]
    [InlineData("*", "a@x.example", true)]
    [InlineData("x.example", "a@x.example", true)]
    [InlineData("X.Example", "a@x.example", true)]
    [InlineData("x.example", "a@y.example", false)]
    [InlineData("x.example", "a@sub.x.example", false)]
    [InlineData("x.example", "a@evilx.example", false)]
    [InlineData("a@x.example", "a@x.example", true)]
    [InlineData("a@x.example", "A@X.example", true)]
    [InlineData("a@x.example", "b@x.example", false)]
    [InlineData("y.example, a@x.example", "a@x.example", true)]
    [InlineData("bücher.example", "a@xn--bcher-kva.example", true)]
    public void Allow_Address_FollowsThePatterns(string patterns, string address, bool allowed)
    {
        SenderPatterns.TryParse(patterns, out var parsed).ShouldBeTrue();
        Mailbox.TryParse(address, out var mailbox).ShouldBeTrue();
        parsed.Allow(mailbox!).ShouldBe(allowed);
        SenderPatterns.TryParse(parsed.ToString(), out var again).ShouldBeTrue();
        again.ToString().ShouldBe(parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@x.example,")]
    [InlineData("a@")]
    [InlineData("*.example")]
    [InlineData("x..example")]
    public void TryParse_NoPattern_IsFalse(string text) => SenderPatterns.TryParse(text, out _).ShouldBeFalse();
}
