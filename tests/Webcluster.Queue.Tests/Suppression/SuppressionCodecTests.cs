using Shouldly;
using Webcluster.Queue.Suppression;
using Xunit;

namespace Webcluster.Queue.Tests.Suppression;

public sealed class SuppressionCodecTests
{
    private static readonly SuppressionKey Key = new("acme", SuppressedAddress.TryParse("anna@rcpt.example", out var address) ? address : default);
    private static readonly DateTimeOffset Added = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Encode_Entry_IsTheseOctets()
    {
        var entry = new SuppressionEntry(Key, SuppressionReason.Unsubscribe, Added) { ExpiresAt = Added.AddSeconds(1), Source = "e1", Note = "ü" };

        Convert.ToHexString(SuppressionCodec.Encode(entry)).ShouldBe("036955B9006955B90102" + "6531" + "C3BC");
        Convert.ToHexString(SuppressionCodec.Encode(entry with { ExpiresAt = null, Source = "0191a2b3-c4d5-7e6f-8a9b-acbdcedfe0f1" }))
            .ShouldBe("036955B90000000000FF" + "0191A2B3C4D57E6F8A9BACBDCEDFE0F1" + "C3BC");
    }

    [Theory]
    [InlineData("")]
    [InlineData("e1")]
    [InlineData("0191a2b3-c4d5-7e6f-8a9b-acbdcedfe0f1")]
    [InlineData("0191A2B3-C4D5-7E6F-8A9B-ACBDCEDFE0F1")]
    public void TryDecode_WhatWasEncoded_IsTheSame(string source)
    {
        var entry = new SuppressionEntry(Key, SuppressionReason.HardBounce, Added) { Source = source, Note = "a note", ExpiresAt = SuppressionEntry.Latest };

        SuppressionCodec.TryDecode(Key, SuppressionCodec.Encode(entry), out var decoded).ShouldBeTrue();

        decoded.ShouldBe(entry);
    }

    [Theory]
    [InlineData("")]
    [InlineData("036955B90000000000")]
    [InlineData("056955B9000000000000")]
    [InlineData("036955B9000000000003" + "6531")]
    [InlineData("036955B90000000000FF" + "0191A2B3C4D57E6F8A9BACBDCEDFE0")]
    public void TryDecode_Damaged_IsRefused(string octets) =>
        SuppressionCodec.TryDecode(Key, Convert.FromHexString(octets), out _).ShouldBeFalse();
}
