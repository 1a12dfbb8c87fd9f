using System.Net;
using Shouldly;
using Webcluster.Protocol.Dns;
using Xunit;

namespace Webcluster.Protocol.Tests.Dns;

public sealed class DnsResponseTests
{
    /// <summary>The question "example.com" at offset 12; its type follows.</summary>
    private const string Example = "076578616D706C6503636F6D00";

    private static DnsMessage Parse(string hex)
    {
        DnsResponse.TryParse(Hex(hex), out var response, out var problem).ShouldBeTrue(problem.ToString());
        return response.ShouldNotBeNull();
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void TryParse_MxSet_HasEveryRecord()
    {
        var response = Parse(
            "ABCD 8180 0001 0003 0000 0001" + Example + "000F 0001" +
            "C00C 000F 0001 0000012C 0008 000A 03 6D7831 C00C" +       // 10 mx1.example.com
            "C00C 000F 0001 0000003C 0007 0014 02 4D58 C00C" +         // 20 MX.example.com
            "C00C 000F 0001 0000003C 0003 0000 00" +                   // 0 .
            "00 0029 04D0 00000000 0000");
        response.Id.ShouldBe((ushort)0xABCD);
        response.Code.ShouldBe(DnsResponseCode.NoError);
        response.Truncated.ShouldBeFalse();
        response.AuthenticData.ShouldBeFalse();
        response.Question.ShouldBe(new DnsQuestion("example.com", DnsType.Mx));
        response.Answers.ShouldBe(
        [
            new DnsRecord.Mx("example.com", TimeSpan.FromSeconds(300), new MxRecord(10, "mx1.example.com")),
            new DnsRecord.Mx("example.com", TimeSpan.FromSeconds(60), new MxRecord(20, "mx.example.com")),
            new DnsRecord.Mx("example.com", TimeSpan.FromSeconds(60), new MxRecord(0, ".")),
        ]);
        ((DnsRecord.Mx)response.Answers[0]).Exchanger.IsHost.ShouldBeTrue();
        ((DnsRecord.Mx)response.Answers[0]).Exchanger.IsNull.ShouldBeFalse();
        ((DnsRecord.Mx)response.Answers[2]).Exchanger.IsHost.ShouldBeFalse();
        ((DnsRecord.Mx)response.Answers[2]).Exchanger.IsNull.ShouldBeTrue();
    }

    [Fact]
    public void TryParse_Addresses_AreRead()
    {
        var response = Parse(
            "0001 81A0 0001 0002 0000 0000" + Example + "0001 0001" +
            "C00C 0001 0001 00000001 0004 C0000201" +
            "C00C 001C 0001 FFFFFFFF 0010 20010DB8000000000000000000000001");
        response.AuthenticData.ShouldBeTrue();
        response.Answers.ShouldBe(
        [
            new DnsRecord.Address("example.com", TimeSpan.FromSeconds(1), IPAddress.Parse("192.0.2.1")),
            // rfc2181#8: the top bit makes it zero.
            new DnsRecord.Address("example.com", TimeSpan.Zero, IPAddress.Parse("2001:db8::1")),
        ]);
        response.Answers.Select(r => r.Type).ShouldBe([DnsType.A, DnsType.Aaaa]);
    }

    [Fact]
    public void TryParse_Text_JoinsStrings()
    {
        var response = Parse(
            "0001 8180 0001 0002 0000 0000" + Example + "0010 0001" +
            "C00C 0010 0001 00000001 0008 02 763D 00 03 C3A431" +
            "C00C 0010 0001 00000001 0001 00");
        response.Answers.OfType<DnsRecord.Text>().Select(t => t.Value).ShouldBe(["v=ä1", ""]);
    }

    [Fact]
    public void TryParse_PointerTlsaAndUnknown_ReadOrPassedOver()
    {
        var response = Parse(
            "0001 8180 0001 0004 0000 0000" + Example + "0034 0001" +
            "C00C 000C 0001 00000001 0002 C00C" +
            "C00C 0034 0001 00000001 0005 03 01 01 00FF" +
            "C00C FFFF 0001 00000001 0002 ABCD" +                     // a type nobody knows
            "C00C 0001 0003 00000001 0002 ABCD");                     // class CH: its data is not looked at
        response.Answers.Count.ShouldBe(2);
        response.Answers[0].ShouldBe(new DnsRecord.Pointer("example.com", TimeSpan.FromSeconds(1), "example.com"));
        var tlsa = response.Answers[1].ShouldBeOfType<DnsRecord.Tlsa>().Association;
        (tlsa.Usage, tlsa.Selector, tlsa.MatchingType).ShouldBe(((byte)3, (byte)1, (byte)1));
        tlsa.Data.ToArray().ShouldBe([0x00, 0xFF]);
    }

    [Theory]
    [InlineData("0000003C", "00000E10", 60)]
    [InlineData("00000E10", "0000003C", 60)]
    [InlineData("00000E10", "FFFFFFFF", 0)]
    public void TryParse_NameError_HasTheNegativeTtl(string ttl, string minimum, int expected)
    {
        var response = Parse(
            "0001 8183 0001 0000 0001 0000" + Example + "0001 0001" +
            "C014 0006 0001" + ttl + "0018 C00C C00C 00000001 00000E10 00000258 00015180" + minimum);
        response.Code.ShouldBe(DnsResponseCode.NameError);
        response.IsDelegation.ShouldBeFalse();
        response.Authority.ShouldNotBeNull().NegativeTtl.ShouldBe(TimeSpan.FromSeconds(expected));
        response.Authority!.Name.ShouldBe("com");
    }

    [Fact]
    public void TryParse_Referral_IsSeen()
    {
        var response = Parse("0001 8180 0001 0000 0001 0000" + Example + "0001 0001 C014 0002 0001 0000003C 0005 026E73 C014");
        response.IsDelegation.ShouldBeTrue();
        response.Authority.ShouldBeNull();
    }

    [Fact]
    public void TryParse_ExtendedCode_ComesFromOpt() =>
        Parse("0001 8180 0001 0000 0000 0001" + Example + "0001 0001 00 0029 04D0 01000000 0000").Code.ShouldBe(DnsResponseCode.BadVersion);

    [Theory]
    [InlineData("")]
    [InlineData("C00C 0001 0001 0000")] // cut in the middle of a record
    [InlineData("C00C 0001 0001 00000001 0004 C0000201")]
    public void TryParse_Truncated_ReadsNoRecord(string records)
    {
        var response = Parse("0001 8380 0001 0005 0000 0000" + Example + "0001 0001" + records);
        response.Truncated.ShouldBeTrue();
        response.Answers.ShouldBeEmpty();
        response.Question.ShouldBe(new DnsQuestion("example.com", DnsType.A));
    }

    public static TheoryData<string, DnsProblem> Bad => new()
    {
        { "", DnsProblem.Incomplete },
        { "0001 8180 0001 0000 0000 00", DnsProblem.Incomplete },
        { "0001 0180 0001 0000 0000 0000" + Example + "0001 0001", DnsProblem.NotAResponse },
        { "0001 8980 0001 0000 0000 0000" + Example + "0001 0001", DnsProblem.NotAResponse }, // an opcode
        { "0001 8180 0002 0000 0000 0000" + Example + "0001 0001" + Example + "0001 0001", DnsProblem.BadQuestion },
        { "0001 8180 0001 0000 0000 0000" + Example + "0001 0003", DnsProblem.BadQuestion }, // class CH
        { "0001 8180 0001 0000 0000 0000" + Example + "0001 00", DnsProblem.Incomplete },
        { "0001 8180 0001 0000 0000 0000 C00C 0001 0001", DnsProblem.BadName }, // points to itself
        { "0001 8180 0000 0001 0000 0000 C100 0001 0001 00000001 0004 C0000201", DnsProblem.BadName },
        { "0001 8180 0000 0001 0000 0000 00 0001 0001 00000001", DnsProblem.Incomplete },
        { "0001 8180 0000 0001 0000 0000 00 0001 0001 00000001 0003 C00002", DnsProblem.BadRecord }, // A of 3
        { "0001 8180 0000 0001 0000 0000 00 0001 0001 00000001 0005 C000020101", DnsProblem.BadRecord }, // A of 5
        { "0001 8180 0000 0001 0000 0000 00 001C 0001 00000001 0004 C0000201", DnsProblem.BadRecord }, // AAAA of 4
        { "0001 8180 0000 0001 0000 0000 00 0001 0001 00000001 0004 C00002", DnsProblem.BadRecord }, // cut
        { "0001 8180 0000 0001 0000 0000 00 000F 0001 00000001 0004 000A 0000", DnsProblem.BadRecord }, // MX with an octet too many
        { "0001 8180 0000 0001 0000 0000 00 000F 0001 00000001 0002 000A 00", DnsProblem.BadRecord }, // name beyond its length
        { "0001 8180 0000 0001 0000 0000 00 0010 0001 00000001 0000", DnsProblem.BadRecord }, // TXT without a string
        { "0001 8180 0000 0001 0000 0000 00 0010 0001 00000001 0002 0261", DnsProblem.BadRecord }, // string beyond its length
        { "0001 8180 0000 0001 0000 0000 00 0034 0001 00000001 0003 030101", DnsProblem.BadRecord }, // TLSA without data
        { "0001 8180 0000 0001 0000 0000 00 0005 0001 00000001 0002 C017", DnsProblem.BadRecord }, // CNAME to itself
        { "0001 8180 0000 0000 0001 0000 00 0006 0001 00000001 0004 0000 0000", DnsProblem.BadRecord }, // SOA cut
        { "0001 8180 0000 0001 0000 0000 00 FFFF 0001 00000001 0004 00", DnsProblem.BadRecord }, // unknown, cut
        { "0001 8180 0000 0000 0000 0001 00 0029 04D0 00000001 0004 00", DnsProblem.Incomplete }, // OPT, cut
        { "0001 8180 0000 0101 0100 0000", DnsProblem.TooManyRecords },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void TryParse_BadMessage_SaysWhy(string hex, DnsProblem expected)
    {
        DnsResponse.TryParse(Hex(hex), out var response, out var problem).ShouldBeFalse();
        problem.ShouldBe(expected);
        response.ShouldBeNull();
    }

    [Fact]
    public void TryParse_EveryPrefix_IsRefused()
    {
        var whole = Hex("ABCD 8180 0001 0001 0000 0001" + Example
            + "000F 0001 C00C 000F 0001 0000012C 0008 000A 036D7831 C00C 00 0029 04D0 00000000 0000");
        DnsResponse.TryParse(whole, out _, out _).ShouldBeTrue();
        for (var length = 0; length < whole.Length; length++)
            DnsResponse.TryParse(whole.AsSpan(0, length), out _, out _).ShouldBeFalse($"the first {length} octets");
    }

    [Theory]
    [InlineData(0x0001, "example.com", DnsType.A, true)]
    [InlineData(0x0002, "example.com", DnsType.A, false)]
    [InlineData(0x0001, "example.org", DnsType.A, false)]
    [InlineData(0x0001, "example.com", DnsType.Mx, false)]
    public void IsReplyTo_IdAndQuestion_BothMustMatch(int id, string name, DnsType type, bool expected) =>
        Parse("0001 8180 0001 0000 0000 0000 07 4558414D504C45 03 636F6D 00 0001 0001").IsReplyTo((ushort)id, new DnsQuestion(name, type))
            .ShouldBe(expected);

    [Theory]
    [InlineData("8181", true)]
    [InlineData("8184", true)]
    [InlineData("8180", false)]
    [InlineData("8182", false)]
    [InlineData("8183", false)]
    public void IsReplyTo_WithoutQuestion_OnlyRefusalsOfTheFormat(string flags, bool expected) =>
        Parse("0001" + flags + "0000 0000 0000 0000").IsReplyTo(1, new DnsQuestion("example.com", DnsType.A)).ShouldBe(expected);
}
