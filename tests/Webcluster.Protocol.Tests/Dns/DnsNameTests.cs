using System.Net;
using Shouldly;
using Webcluster.Protocol.Dns;
using Xunit;

namespace Webcluster.Protocol.Tests.Dns;

public sealed class DnsNameTests
{
    private static readonly string Label63 = new('a', 63);

    public static TheoryData<string, string> WireForms => new()
    {
        { ".", "00" },
        { "a", "016100" },
        { "example.com", "076578616D706C6503636F6D00" },
        { "example.com.", "076578616D706C6503636F6D00" },
        { "EXAMPLE.Com", "076578616D706C6503636F6D00" },
        { @"a\.b.c", "03612E62016300" },
        { @"a\\b", "03615C6200" },
        { @"\000\032\255", "0300 20FF00".Replace(" ", "", StringComparison.Ordinal) },
        { @"\065", "016100" },
        { "_25._tcp.mx", "035F3235045F746370026D7800" },
        { "*.x", "012A017800" },
    };

    [Theory]
    [MemberData(nameof(WireForms))]
    public void TryWrite_Name_IsTheWireForm(string name, string expected)
    {
        var wire = new byte[DnsName.MaxOctets];
        DnsName.TryWrite(name, wire, out var length).ShouldBeTrue();
        Convert.ToHexString(wire, 0, length).ShouldBe(expected);
    }

    public static TheoryData<string> NotNames =>
        ["", "..", ".a", "a..b", "a b", "a\tb", "ä.de", "a\\", @"a\25", @"a\256", @"a\2x5", "a\\\n", Label63 + "a", Label63 + "a.b",
            $"{Label63}.{Label63}.{Label63}.{new string('b', 62)}", new string('\\', 5000)];

    [Theory]
    [MemberData(nameof(NotNames))]
    public void TryWrite_NoName_IsRefused(string name)
    {
        DnsName.TryWrite(name, new byte[DnsName.MaxOctets], out _).ShouldBeFalse();
        DnsName.TryNormalize(name, out _).ShouldBeFalse();
    }

    [Fact]
    public void TryWrite_LongestName_Fits()
    {
        var name = $"{Label63}.{Label63}.{Label63}.{new string('b', 61)}";
        var wire = new byte[DnsName.MaxOctets];
        DnsName.TryWrite(name, wire, out var length).ShouldBeTrue();
        length.ShouldBe(255);
        DnsName.TryNormalize(name, out var normalized).ShouldBeTrue();
        normalized.ShouldBe(name);
    }

    [Fact]
    public void TryWrite_ShortOutput_IsRefusedAtEveryLength()
    {
        for (var size = 0; size < 13; size++) DnsName.TryWrite("example.com", new byte[size], out _).ShouldBeFalse($"size {size}");
        DnsName.TryWrite("example.com", new byte[13], out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Mail.EXAMPLE.com.", "mail.example.com")]
    [InlineData(@"\065\046b.c", @"a\.b.c")]
    [InlineData(@"\007.x", @"\007.x")]
    [InlineData(@"\a.x", "a.x")]
    [InlineData(".", ".")]
    public void TryNormalize_AnyForm_IsTheOneForm(string name, string expected)
    {
        DnsName.TryNormalize(name, out var normalized).ShouldBeTrue();
        normalized.ShouldBe(expected);
        DnsName.TryNormalize(normalized, out var again).ShouldBeTrue();
        again.ShouldBe(expected);
    }

    public static TheoryData<string, int, string?, int> Compressed => new()
    {
        // octets, where to begin, name or null, where reading ends
        { "0161C000", 0, null, 0 }, // to itself, after a label
        { "C000", 0, null, 0 }, // to itself
        { "C002C000", 0, null, 0 }, // forwards
        { "0161C005000162C000", 5, null, 0 }, // there and back
        { "01610001 62C000", 3, "b.a", 7 },
        { "016100C000C003", 5, "a", 7 }, // pointer to a pointer
        { "016100C000", 3, "a", 5 },
        { "00C000", 1, ".", 3 },
        { "0161", 0, null, 0 },
        { "02610", 0, null, 0 },
        { "C0", 0, null, 0 },
        { "4161", 0, null, 0 }, // reserved label types
        { "8161", 0, null, 0 },
        { "", 0, null, 0 },
    };

    [Theory]
    [MemberData(nameof(Compressed))]
    public void TryRead_Compressed_FollowsOnlyBackwards(string hex, int start, string? expected, int end)
    {
        hex = hex.Replace(" ", "", StringComparison.Ordinal);
        var message = Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex[..^1]);
        var at = start;
        DnsName.TryRead(message, ref at, out var name).ShouldBe(expected is not null);
        name.ShouldBe(expected ?? "");
        at.ShouldBe(expected is null ? start : end);
    }

    [Fact]
    public void TryRead_TooManyOctetsThroughPointers_IsRefused()
    {
        // 5 names of 63 octets, each pointing to the one before: the fourth is the last that fits 255.
        var message = new List<byte>();
        var starts = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            starts.Add(message.Count);
            message.Add(63);
            message.AddRange(Enumerable.Repeat((byte)'a', 63));
            if (i == 0) message.Add(0);
            else message.AddRange([0xC0, (byte)starts[i - 1]]);
        }
        bool Reads(int index)
        {
            var at = starts[index];
            return DnsName.TryRead(message.ToArray(), ref at, out _);
        }
        Reads(2).ShouldBeTrue();
        Reads(3).ShouldBeFalse();
        Reads(4).ShouldBeFalse();
    }

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("a", true)]
    [InlineData("mx_1.example.com", true)]
    [InlineData("xn--bcher-kva.example", true)]
    [InlineData("1.2.3.4", true)]
    [InlineData(".", false)]
    [InlineData("", false)]
    [InlineData("-a.com", false)]
    [InlineData("a-.com", false)]
    [InlineData("a..com", false)]
    [InlineData("a.com.", false)]
    [InlineData(@"a\.b.com", false)]
    [InlineData(@"a\013.com", false)]
    [InlineData("*.com", false)]
    [InlineData("bücher.example", false)]
    public void IsHost_Name_OnlyWhatCanBeConnectedTo(string name, bool expected) => DnsName.IsHost(name).ShouldBe(expected);

    [Theory]
    [InlineData("192.0.2.10", "10.2.0.192.in-addr.arpa")]
    [InlineData("::ffff:192.0.2.10", "10.2.0.192.in-addr.arpa")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void Reverse_Address_IsTheNameForPtr(string address, string expected) => DnsName.Reverse(IPAddress.Parse(address))
        .ShouldBe(expected);

    [Fact]
    public void TryNormalize_RandomWireNames_MapOneToOne()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var wire = new List<byte>();
            for (var labels = random.Next(1, 5); labels > 0; labels--)
            {
                var label = new byte[random.Next(1, 60)];
                random.NextBytes(label);
                wire.Add((byte)label.Length);
                wire.AddRange(label.Select(o => o is >= (byte)'A' and <= (byte)'Z' ? (byte)(o + 32) : o));
            }
            wire.Add(0);
            var at = 0;
            DnsName.TryRead(wire.ToArray(), ref at, out var name).ShouldBeTrue($"seed {seed}");
            var back = new byte[DnsName.MaxOctets];
            DnsName.TryWrite(name, back, out var length).ShouldBeTrue($"seed {seed}");
            back[..length].ShouldBe(wire.ToArray(), $"seed {seed}");
        }
    }
}
