using Shouldly;
using Webcluster.Protocol.Dns;
using Xunit;

namespace Webcluster.Protocol.Tests.Dns;

public sealed class DnsQueryTests
{
    private const string Example = "076578616D706C6503636F6D00";

    public static TheoryData<DnsType, DnsQueryFlags, string> Queries => new()
    {
        { DnsType.A, DnsQueryFlags.None, "12340100" + "0001000000000000" + Example + "00010001" },
        { DnsType.Mx, DnsQueryFlags.AuthenticData, "12340120" + "0001000000000000" + Example + "000F0001" },
        { DnsType.Aaaa, DnsQueryFlags.Edns, "12340100" + "0001000000000001" + Example + "001C0001" + "00002904D0000000000000" },
        { DnsType.Txt, DnsQueryFlags.Edns | DnsQueryFlags.AuthenticData,
            "12340120" + "0001000000000001" + Example + "00100001" + "00002904D0000000000000" },
        { DnsType.Tlsa, DnsQueryFlags.Edns | DnsQueryFlags.DnssecOk,
            "12340100" + "0001000000000001" + Example + "00340001" + "00002904D0000080000000" },
        { DnsType.Cname, DnsQueryFlags.DnssecOk, "12340100" + "0001000000000000" + Example + "00050001" },
        { DnsType.Ptr, DnsQueryFlags.None, "12340100" + "0001000000000000" + Example + "000C0001" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void TryWrite_Question_IsExactlyTheseOctets(DnsType type, DnsQueryFlags flags, string expected)
    {
        // Filled, to see that nothing is left as it was.
        var output = Enumerable.Repeat((byte)0xEE, DnsQuery.MaxOctets).ToArray();
        DnsQuery.TryWrite(new DnsQuestion("Example.com", type), 0x1234, flags, output, out var length).ShouldBeTrue();
        Convert.ToHexString(output, 0, length).ShouldBe(expected);
    }

    [Fact]
    public void TryWrite_LongestName_Fits()
    {
        var label = new string('a', 63);
        var name = $"{label}.{label}.{label}.{new string('b', 61)}";
        DnsQuery.TryWrite(new DnsQuestion(name, DnsType.A), 1, DnsQueryFlags.Edns, new byte[DnsQuery.MaxOctets], out var length)
            .ShouldBeTrue();
        length.ShouldBe(DnsQuery.MaxOctets);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("ä")]
    public void TryWrite_NoName_IsRefused(string name) =>
        DnsQuery.TryWrite(new DnsQuestion(name, DnsType.A), 1, DnsQueryFlags.None, new byte[DnsQuery.MaxOctets], out _).ShouldBeFalse();
}
