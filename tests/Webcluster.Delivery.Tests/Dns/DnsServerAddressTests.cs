using Shouldly;
using Webcluster.Delivery.Dns;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

public sealed class DnsServerAddressTests
{
    [Theory]
    [InlineData("192.0.2.53", "192.0.2.53:53")]
    [InlineData("192.0.2.53:5353", "192.0.2.53:5353")]
    [InlineData("2001:db8::53", "[2001:db8::53]:53")]
    [InlineData("[2001:db8::53]", "[2001:db8::53]:53")]
    [InlineData("[2001:db8::53]:5353", "[2001:db8::53]:5353")]
    [InlineData("[::1]:65535", "[::1]:65535")]
    public void TryParse_Address_IsTheEndPoint(string text, string expected)
    {
        DnsServerAddress.TryParse(text, out var endPoint).ShouldBeTrue();
        endPoint.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("53")]
    [InlineData("10.1")]
    [InlineData("10.1:53")]
    [InlineData("192.0.2.53:")]
    [InlineData("192.0.2.53:0")]
    [InlineData("192.0.2.53:65536")]
    [InlineData("192.0.2.53:-1")]
    [InlineData("192.0.2.53: 53")]
    [InlineData("[192.0.2.53]:53")]
    [InlineData("[2001:db8::53")]
    [InlineData("[2001:db8::53]x")]
    [InlineData("[]:53")]
    public void TryParse_NoAddress_IsRefused(string text) => DnsServerAddress.TryParse(text, out _).ShouldBeFalse();
}
