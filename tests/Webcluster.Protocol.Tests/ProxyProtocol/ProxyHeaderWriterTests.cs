using System.Buffers;
using System.Net;
using Shouldly;
using Webcluster.Protocol.ProxyProtocol;
using Webcluster.Protocol.Smtp;
using Xunit;

namespace Webcluster.Protocol.Tests.ProxyProtocol;

public sealed class ProxyHeaderWriterTests
{
    [Fact]
    public void Write_IPv4_IsTheSpecifiedOctets() =>
        Convert.ToHexString(ProxyHeaderWriter.Write(IPEndPoint.Parse("192.0.2.1:0"), IPEndPoint.Parse("198.51.100.7:25")))
            .ShouldBe("0D0A0D0A000D0A515549540A" + "2111000C" + "C0000201" + "C6336407" + "0000" + "0019");

    [Theory]
    [InlineData("192.0.2.1:0", "198.51.100.7:25")]
    [InlineData("0.0.0.0:65535", "255.255.255.255:1")]
    [InlineData("[2001:db8::1]:0", "[2001:db8:ffff::2]:587")]
    public void Write_Header_IsReadBackAsTheSame(string source, string destination)
    {
        var header = ProxyHeaderWriter.Write(IPEndPoint.Parse(source), IPEndPoint.Parse(destination));
        ProxyHeaderParser.TryParse(new ReadOnlySequence<byte>(header), out var read, out var consumed, out _).ShouldBe(ParseStatus.Complete);
        consumed.ShouldBe(header.Length);
        read.ShouldBe(new ProxyHeader.Relayed(IPEndPoint.Parse(source), IPEndPoint.Parse(destination)));
    }

    [Fact]
    public void Write_TwoFamilies_IsAMistake() =>
        Should.Throw<ArgumentException>(() => ProxyHeaderWriter.Write(IPEndPoint.Parse("192.0.2.1:0"), IPEndPoint.Parse("[::1]:25")));
}
