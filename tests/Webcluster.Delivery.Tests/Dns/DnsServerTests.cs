using System.Net;
using Shouldly;
using Webcluster.Delivery.Dns;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

public sealed class DnsServerTests
{
    [Theory]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("127.0.0.53", false, true)]
    [InlineData("::1", false, true)]
    // Docker's.
    [InlineData("127.0.0.11", false, false)]
    [InlineData("127.0.0.11", true, true)]
    [InlineData("192.0.2.53", false, false)]
    [InlineData("192.0.2.53", true, true)]
    public void IsTrusted_ValidatesItselfOrIsSaidTo(string address, bool isSaid, bool expected) =>
        new DnsServer(new IPEndPoint(IPAddress.Parse(address), 53), isSaid, new ManualClock()).IsTrusted.ShouldBe(expected);
}
