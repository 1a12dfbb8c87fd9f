using System.Net;
using Shouldly;
using Webcluster.Delivery.Hosts;
using Xunit;

namespace Webcluster.Delivery.Tests.Hosts;

public class NetworkPolicyTests
{
    [Theory]
    [InlineData("0.0.0.0", false)]
    [InlineData("0.255.255.255", false)]
    [InlineData("1.0.0.0", true)]
    [InlineData("9.255.255.255", true)]
    [InlineData("10.0.0.0", false)]
    [InlineData("10.255.255.255", false)]
    [InlineData("11.0.0.0", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.64.0.0", false)]
    [InlineData("100.127.255.255", false)]
    [InlineData("100.128.0.0", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.255", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.16.0.0", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.0", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("198.20.0.0", true)]
    [InlineData("223.255.255.255", true)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fdff::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2002:7f00:1::1", false)]
    [InlineData("3fff::1", false)]
    [InlineData("5f00::1", false)]
    [InlineData("2001:200::1", true)]
    [InlineData("2a00:1450:4001::1a", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("64:ff9b::10.0.0.5", false)]
    [InlineData("64:ff9b::127.0.0.1", false)]
    [InlineData("64:ff9b::203.0.114.5", false)]
    [InlineData("64:ff9b:1::808:808", false)]
    [InlineData("203.0.114.5", false)]
    public void Allows_InternetOnly(string address, bool allowed) =>
        new NetworkPolicy([], [IPAddress.Parse("203.0.114.5")]).Allows(IPAddress.Parse(address)).ShouldBe(allowed);

    [Fact]
    public void Allows_OperatorsExceptions_Win()
    {
        var policy = new NetworkPolicy([IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("127.0.0.1/32")], [IPAddress.Parse("10.1.0.5")]);
        policy.Allows(IPAddress.Parse("10.1.2.3")).ShouldBeTrue();
        policy.Allows(IPAddress.Parse("10.2.2.3")).ShouldBeFalse();
        policy.Allows(IPAddress.Parse("10.1.0.5")).ShouldBeTrue("own, and allowed all the same");
        policy.Allows(IPAddress.Parse("127.0.0.1")).ShouldBeTrue();
        policy.Allows(IPAddress.Parse("::ffff:127.0.0.1")).ShouldBeTrue();
        policy.Allows(IPAddress.Parse("127.0.0.2")).ShouldBeFalse();
        policy.Allows(IPAddress.Parse("64:ff9b::10.1.2.3")).ShouldBeTrue();
        new NetworkPolicy([IPNetwork.Parse("64:ff9b::/96")], []).Allows(IPAddress.Parse("64:ff9b::10.1.2.3")).ShouldBeTrue();
    }
}
