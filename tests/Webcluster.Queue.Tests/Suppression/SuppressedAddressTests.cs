using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Suppression;
using Xunit;

namespace Webcluster.Queue.Tests.Suppression;

public sealed class SuppressedAddressTests
{
    private const string Digits = "000102030405060708090a0b0c0d0e0f";

    [Theory]
    [InlineData("anna@rcpt.example", "anna@rcpt.example")]
    [InlineData("Anna.B@RCPT.Example", "anna.b@rcpt.example")]
    [InlineData("ÄNNE@größe.example", "änne@xn--gre-6ka8i.example")]
    [InlineData("anna@XN--GRE-6KA8I.example", "anna@xn--gre-6ka8i.example")]
    [InlineData("\"anna\"@rcpt.example", "anna@rcpt.example")]
    [InlineData("\"A B\"@rcpt.example", "\"a b\"@rcpt.example")]
    [InlineData("anna+news@rcpt.example", "anna+news@rcpt.example")]
    [InlineData("anna@[192.0.2.1]", "anna@[192.0.2.1]")]
    [InlineData("hmac:" + Digits, "hmac:" + Digits)]
    [InlineData("HMAC:000102030405060708090A0B0C0D0E0F", "hmac:" + Digits)]
    [InlineData("hmac:" + Digits + "ffffffffffffffffffffffffffffffff", "hmac:" + Digits)]
    public void TryParse_AddressOrHash_IsItsComparableForm(string text, string expected)
    {
        SuppressedAddress.TryParse(text, out var address).ShouldBeTrue();

        address.ToString().ShouldBe(expected);
        address.IsHash.ShouldBe(expected.StartsWith("hmac:", StringComparison.Ordinal));
        SuppressedAddress.FromOctets(address.ToOctets()).ShouldBe(address);
        SuppressedAddress.TryParse(address.ToString(), out var again).ShouldBeTrue();
        again.ShouldBe(address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("anna")]
    [InlineData("@rcpt.example")]
    [InlineData("anna@")]
    [InlineData("<anna@rcpt.example>")]
    [InlineData("anna@rcpt.example ")]
    [InlineData("anna@rcpt..example")]
    [InlineData("hmac:")]
    [InlineData("hmac:000102030405060708090a0b0c0d0e0")]
    [InlineData("hmac:000102030405060708090a0b0c0d0e0f00")]
    [InlineData("hmac:000102030405060708090a0b0c0d0e0g")]
    public void TryParse_NoAddress_IsRefused(string text) => SuppressedAddress.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Of_Mailbox_IsTheSameAsOfItsText()
    {
        Mailbox.TryParse("Anna@Größe.example", out var mailbox).ShouldBeTrue();
        SuppressedAddress.TryParse("aNNa@xn--gre-6ka8i.example", out var address).ShouldBeTrue();

        SuppressedAddress.Of(mailbox!).ShouldBe(address);
    }

    [Fact]
    public void Hash_SameSecret_IsTheSameForEachSpelling()
    {
        SuppressedAddress.TryParse("anna@rcpt.example", out var small).ShouldBeTrue();
        SuppressedAddress.TryParse("ANNA@rcpt.EXAMPLE", out var large).ShouldBeTrue();
        var hash = new AddressHash(new string('s', 32));

        hash.Of(small).ShouldBe(hash.Of(large));
        hash.Of(hash.Of(small)).ShouldBe(hash.Of(small));
        hash.Of(small).ShouldNotBe(new AddressHash(new string('t', 32)).Of(small));
        // printf %s anna@rcpt.example | openssl dgst -sha256 -hmac ssssssssssssssssssssssssssssssss
        hash.Of(small).ToString().ShouldBe("hmac:d47b8a05b11392dbe15875d97c459d8f");
    }
}
