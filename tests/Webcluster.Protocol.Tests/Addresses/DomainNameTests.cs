using Shouldly;
using Webcluster.Protocol.Addresses;
using Xunit;

namespace Webcluster.Protocol.Tests.Addresses;

public sealed class DomainNameTests
{
    private static readonly string Label63 = new('a', 63);
    private static readonly string Name253 = $"{Label63}.{Label63}.{Label63}.{Label63[..61]}";

    [Theory]
    [InlineData("x", "x")]
    [InlineData("Mail.EXAMPLE", "mail.example")]
    [InlineData("a-b.1a.example", "a-b.1a.example")]
    [InlineData("r3---sn.example", "r3---sn.example")]
    [InlineData("m\u00fcnchen.de", "xn--mnchen-3ya.de")]
    [InlineData("M\u00dcNCHEN.de", "xn--mnchen-3ya.de")]
    [InlineData("XN--MNCHEN-3YA.de", "xn--mnchen-3ya.de")]
    [InlineData("fa\u00df.de", "xn--fa-hia.de")]
    [InlineData("\u65e5\u672c\u8a9e.jp", "xn--wgv71a119e.jp")]
    [InlineData("\u0444.\u0440\u0444", "xn--t1a.xn--p1ai")]
    [InlineData("xn--n3h.net", "xn--n3h.net")]
    [InlineData("\u212aelvin.example", "kelvin.example")]
    public void TryNormalize_Valid_IsLowerCaseALabels(string name, string normalized)
    {
        DomainName.TryNormalize(name, out var result).ShouldBeTrue();
        result.ShouldBe(normalized);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("x.")]
    [InlineData(".x")]
    [InlineData("x..y")]
    [InlineData("-x.example")]
    [InlineData("x-.example")]
    [InlineData("x_y.example")]
    [InlineData("x y.example")]
    [InlineData("x\0.example")]
    [InlineData("x@y.example")]
    [InlineData("127.0.0.1")]
    [InlineData("1")]
    [InlineData("xn--")]
    [InlineData("xn---")]
    [InlineData("xn--a")]
    [InlineData("xn--a-")]
    [InlineData("xn--99999999.example")]
    [InlineData("xn--example-3z6c.com")]
    [InlineData("xn--\u00fc.example")]
    [InlineData("exam\u200bple.com")]
    [InlineData("exam\u2060ple.com")]
    [InlineData("exam\ufeffple.com")]
    [InlineData("exam\u00adple.com")]
    [InlineData("a\u0085b.com")]
    [InlineData("a\u202eb.com")]
    [InlineData("a\u200db.com")]
    [InlineData("a\u3002com")]
    [InlineData("\uff41\uff42.com")]
    [InlineData("\ufb01.com")]
    [InlineData("mu\u0308nchen.de")]
    [InlineData("\u2603.net")]
    [InlineData("\u0378.com")]
    [InlineData("\u00e9 a.com")]
    [InlineData("\u00e9/a.com")]
    [InlineData("\ud800.com")]
    [InlineData("\u05d0\u05d1a.com")]
    public void TryNormalize_Invalid_IsRefused(string name)
    {
        DomainName.TryNormalize(name, out var result).ShouldBeFalse();
        result.ShouldBe("");
    }

    [Fact]
    public void TryNormalize_Lengths_AreBounded()
    {
        Name253.Length.ShouldBe(253);
        DomainName.TryNormalize(Name253, out _).ShouldBeTrue();
        DomainName.TryNormalize(Name253 + "a", out _).ShouldBeFalse();
        DomainName.TryNormalize(Label63 + ".x", out _).ShouldBeTrue();
        DomainName.TryNormalize(Label63 + "a.x", out _).ShouldBeFalse();
        DomainName.TryNormalize(new string('\u00fc', 63) + ".x", out _).ShouldBeFalse();
        DomainName.TryNormalize(string.Join('.', Enumerable.Repeat("\u00fc\u00e9", 60)), out _).ShouldBeFalse();
    }

    [Fact]
    public void TryNormalize_RandomNames_NeverThrowsAndIsStable()
    {
        const string alphabet = "ab19-.xn\u00fc\u200b\u05d0\u0661\ud83d\ude00\u0301";
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var name = new string(Enumerable.Range(0, random.Next(1, 12)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToArray());
            if (random.Next(2) == 0) name = "xn--" + name;
            if (!DomainName.TryNormalize(name, out var normalized)) continue;
            DomainName.TryNormalize(normalized, out var again).ShouldBeTrue($"seed {seed}: {normalized}");
            again.ShouldBe(normalized, $"seed {seed}");
        }
    }
}
