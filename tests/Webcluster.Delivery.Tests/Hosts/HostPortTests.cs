using Shouldly;
using Webcluster.Delivery.Hosts;
using Xunit;

namespace Webcluster.Delivery.Tests.Hosts;

public class HostPortTests
{
    [Theory]
    [InlineData("mx.test", "mx.test", 25, false)]
    [InlineData("MX.Test:2525", "mx.test", 2525, false)]
    [InlineData("mx.test:1", "mx.test", 1, false)]
    [InlineData("mx.test:65535", "mx.test", 65535, false)]
    [InlineData("localhost", "localhost", 25, false)]
    [InlineData("192.0.2.1", "192.0.2.1", 25, true)]
    [InlineData("192.0.2.1:587", "192.0.2.1", 587, true)]
    [InlineData("[2001:DB8::1]", "2001:db8::1", 25, true)]
    [InlineData("[2001:db8::1]:587", "2001:db8::1", 587, true)]
    public void Parse_Valid(string text, string host, int port, bool isAddress)
    {
        var parsed = HostPort.Parse(text).ShouldNotBeNull();
        (parsed.Host, parsed.Port, parsed.Address is not null).ShouldBe((host, port, isAddress));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":25")]
    [InlineData("mx.test:")]
    [InlineData("mx.test:0")]
    [InlineData("mx.test:65536")]
    [InlineData("mx.test:-1")]
    [InlineData("mx.test:+25")]
    [InlineData("mx.test: 25")]
    [InlineData("mx.test:25:26")]
    [InlineData("mx..test")]
    [InlineData("mx_1.test")]
    [InlineData("mx.test.")]
    [InlineData("-mx.test")]
    [InlineData("mx test")]
    [InlineData("2001:db8::1")]
    [InlineData("[2001:db8::1")]
    [InlineData("[mx.test]:25")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.1:65536")]
    // Parsers of addresses take these for some.
    [InlineData("25")]
    [InlineData("10.1")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433:25")]
    [InlineData("010.0.0.1")]
    public void Parse_Invalid_IsNull(string text) => HostPort.Parse(text).ShouldBeNull();
}
