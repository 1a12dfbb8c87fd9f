using Shouldly;
using Webcluster.Delivery.Dns;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

public sealed class ResolvConfTests
{
    [Fact]
    public void Parse_Servers_InTheirOrder()
    {
        var conf = ResolvConf.Parse(["# nameserver 192.0.2.9", "search example.com", "nameserver 192.0.2.1",
            "nameserver\t2001:db8::1 # second", "nameserver nonsense"]);
        conf.Servers.Select(s => s.ToString()).ShouldBe(["192.0.2.1:53", "[2001:db8::1]:53"]);
        conf.TrustAuthenticData.ShouldBeFalse();
    }

    [Fact]
    public void Parse_TrustAd_IsSeen() => ResolvConf.Parse(["options edns0 trust-ad"]).TrustAuthenticData.ShouldBeTrue();

    [Fact]
    public void Parse_NoServer_IsThisMachine() => ResolvConf.Parse(["nameserver"]).Servers.Select(s => s.ToString())
        .ShouldBe(["127.0.0.1:53"]);

    [Fact]
    public void Read_NoFile_IsThisMachine() =>
        ResolvConf.Read(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())).Servers.Select(s => s.ToString())
            .ShouldBe(["127.0.0.1:53"]);
}
