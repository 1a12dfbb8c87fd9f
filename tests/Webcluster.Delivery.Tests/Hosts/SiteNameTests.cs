using Shouldly;
using Webcluster.Delivery.Hosts;
using Xunit;

namespace Webcluster.Delivery.Tests.Hosts;

public class SiteNameTests
{
    [Fact]
    public void Of_Order_DoesNotMatter() => SiteName.Of(["b.test", "a.test", "b.test"]).ShouldBe("a.test,b.test");

    [Fact]
    public void Of_One_IsItself() => SiteName.Of(["a.test"]).ShouldBe("a.test");

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    public void Of_Long_IsShortenedAndStaysUnlike(int length)
    {
        // Two names and a comma.
        var first = "a" + new string('x', length / 2);
        var second = "b" + new string('x', length - 3 - length / 2);
        var name = SiteName.Of([first, second]);
        if (length == 200)
        {
            name.ShouldBe($"{first},{second}");
            return;
        }

        name.Length.ShouldBeLessThan(200);
        name.ShouldStartWith($"{first}+1#");
        SiteName.Of([second, first]).ShouldBe(name);
        SiteName.Of([first, second + "y"]).ShouldNotBe(name);
    }
}
