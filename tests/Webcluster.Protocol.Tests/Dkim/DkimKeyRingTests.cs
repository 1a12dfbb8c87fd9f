using Shouldly;
using Webcluster.Protocol.Dkim;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

public class DkimKeyRingTests
{
    private static readonly DkimKeyRing Ring = new(
    [
        new NamedKey("example.com", "ed", DkimAlgorithm.Ed25519Sha256),
        new NamedKey("example.com", "rsa-a", DkimAlgorithm.RsaSha256),
        new NamedKey("mail.example.com", "mail", DkimAlgorithm.Ed25519Sha256),
        new NamedKey("example.com", "rsa-b", DkimAlgorithm.RsaSha256),
        new NamedKey("org", "tld", DkimAlgorithm.RsaSha256),
    ]);

    [Theory]
    [InlineData("example.com", "rsa-a rsa-b ed")]
    [InlineData("EXAMPLE.com", "rsa-a rsa-b ed")]
    [InlineData("shop.example.com", "rsa-a rsa-b ed")]
    [InlineData("a.b.c.example.com", "rsa-a rsa-b ed")]
    [InlineData("mail.example.com", "mail")]
    [InlineData("a.mail.example.com", "mail")]
    [InlineData("notexample.com", "")]
    [InlineData("com", "")]
    [InlineData("example.org", "tld")]
    [InlineData("", "")]
    [InlineData("example.com.", "")]
    [InlineData("...", "")]
    public void AuthorDomain_LookedUp_HasTheKeysOfTheNearest(string domain, string selectors) =>
        string.Join(' ', Ring.For(domain).Select(key => key.Selector)).ShouldBe(selectors);

    [Fact]
    public void EmptyRing_LookedUp_HasNone() => new DkimKeyRing([]).For("example.com").ShouldBeEmpty();

    private sealed class NamedKey(string domain, string selector, DkimAlgorithm algorithm) : DkimKey(domain, selector)
    {
        public override DkimAlgorithm Algorithm => algorithm;

        public override string DnsRecord => "";

        public override byte[] SignHash(ReadOnlySpan<byte> sha256) => [];

        protected override void Dispose(bool disposing)
        {
        }
    }
}
