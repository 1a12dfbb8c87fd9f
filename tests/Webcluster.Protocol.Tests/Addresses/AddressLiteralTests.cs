using Shouldly;
using Webcluster.Protocol.Addresses;
using Xunit;

namespace Webcluster.Protocol.Tests.Addresses;

public sealed class AddressLiteralTests
{
    [Theory]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("[0.0.0.0]", "[0.0.0.0]")]
    [InlineData("[255.255.255.255]", "[255.255.255.255]")]
    [InlineData("[127.0.0.1]", "[127.0.0.1]")]
    [InlineData("[IPv6:::1]", "[IPv6:::1]")]
    [InlineData("[IPV6:2001:0DB8:0::01]", "[IPv6:2001:db8::1]")]
    [InlineData("[IPv6:::ffff:192.0.2.1]", "[IPv6:::ffff:192.0.2.1]")]
    public void TryNormalize_Valid_HasOneForm(string text, string normalized)
    {
        AddressLiteral.TryNormalize(text, out var result).ShouldBeTrue();
        result.ShouldBe(normalized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("192.0.2.1")]
    [InlineData("[192.0.2.1")]
    [InlineData("[192.0.2]")]
    [InlineData("[192.0.2.1.5]")]
    [InlineData("[192.0.2.256]")]
    [InlineData("[192.0.2.01]")]
    [InlineData("[192.0.2.]")]
    [InlineData("[0x7f.0.0.1]")]
    [InlineData("[2130706433]")]
    [InlineData("[ 192.0.2.1]")]
    [InlineData("[+1.0.2.1]")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[IPv6:]")]
    [InlineData("[IPv6:192.0.2.1]")]
    [InlineData("[IPv6:fe80::1%1]")]
    [InlineData("[IPv6:[::1]]")]
    [InlineData("[IPv6:[::1]:25]")]
    [InlineData("[IPv6:1::2::3]")]
    [InlineData("[IPv6:::1/64]")]
    [InlineData("[x:y]")]
    public void TryNormalize_Invalid_IsRefused(string text) => AddressLiteral.TryNormalize(text, out _).ShouldBeFalse();
}
