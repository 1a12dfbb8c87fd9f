using Shouldly;
using Xunit;

namespace Webcluster.Node.Tests;

public class EndpointsTests
{
    [Theory]
    [InlineData("127.0.0.1:8025", "127.0.0.1:8025")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("[::1]:25", "[::1]:25")]
    [InlineData("*:65535", "[::]:65535")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("127.0.0.1", null)]
    [InlineData("127.0.0.1:", null)]
    [InlineData("127.0.0.1:65536", null)]
    [InlineData("127.0.0.1:-1", null)]
    [InlineData("127.0.0.1:+1", null)]
    [InlineData("127.1:80", null)]
    [InlineData("2130706433:80", null)]
    [InlineData("::1:25", null)]
    [InlineData("[127.0.0.1]:25", null)]
    [InlineData("[::1]", null)]
    [InlineData("mail.example.com:25", null)]
    [InlineData("", null)]
    [InlineData(":", null)]
    public void TryParse_Text_IsAnAddressAndPortOrNothing(string text, string? expected)
    {
        Endpoints.TryParse(text, out var endpoint).ShouldBe(expected is not null);
        if (expected is not null) endpoint.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("127.0.0.2:25", true)]
    [InlineData("[::1]:25", true)]
    [InlineData("*:25", false)]
    [InlineData("192.0.2.1:25", false)]
    public void TryParseLoopback_OnlyLoopback_IsTaken(string text, bool expected) =>
        Endpoints.TryParseLoopback(text, out _).ShouldBe(expected);
}
