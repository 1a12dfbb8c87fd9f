using Shouldly;
using Webcluster.Node.Configuration.Binding;
using Xunit;

namespace Webcluster.Node.Tests.Configuration.Binding;

public class NearMissTests
{
    [Theory]
    [InlineData("submision", "submission")]
    [InlineData("SUBMISSION", "submission")]
    [InlineData("htpt", "http")]
    [InlineData("tsl", "tls")]
    [InlineData("max-sessions", "max_sessions")]
    [InlineData("deliverry_x", "delivery")]
    [InlineData("smtp", null)]
    [InlineData("abc", null)]
    [InlineData("", null)]
    [InlineData("deliverryxyz", null)]
    public void Of_Word_IsTheNearestOrNone(string given, string? expected) =>
        NearMiss.Of(given, ["submission", "http", "tls", "max_sessions", "delivery"]).ShouldBe(expected);

    [Fact]
    public void Of_VeryLongWord_IsNotCompared() => NearMiss.Of(new string('a', 100_000), ["a"]).ShouldBeNull();
}
