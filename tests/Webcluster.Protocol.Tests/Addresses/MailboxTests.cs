using System.Text;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Xunit;

namespace Webcluster.Protocol.Tests.Addresses;

public sealed class MailboxTests
{
    [Theory]
    [InlineData("a@x", "a", "x")]
    [InlineData("A.b+c@Mail.Example", "A.b+c", "mail.example")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@x", "!#$%&'*+-/=?^_`{|}~", "x")]
    [InlineData("\"a b\"@x", "a b", "x")]
    [InlineData("\"a\"@x", "a", "x")]
    [InlineData("\"\"@x", "", "x")]
    [InlineData("\"a\\\"b\\\\\\c\"@x", "a\"b\\c", "x")]
    [InlineData("\"a@b>,;:\"@x", "a@b>,;:", "x")]
    [InlineData("p\u00e9@x", "p\u00e9", "x")]
    [InlineData("\u7528\u6237@\u4f8b\u3048.jp", "\u7528\u6237", "xn--r8jz45g.jp")]
    [InlineData("\U0001F600@x", "\U0001F600", "x")]
    [InlineData("a@[192.0.2.1]", "a", "[192.0.2.1]")]
    [InlineData("a@[ipv6:2001:DB8:0::1]", "a", "[IPv6:2001:db8::1]")]
    public void TryParse_Valid_HasBothParts(string text, string local, string domain)
    {
        Mailbox.TryParse(text, out var mailbox).ShouldBeTrue();
        mailbox.ShouldBe(new Mailbox(local, domain));
        Mailbox.TryParse(Encoding.UTF8.GetBytes(text), out var fromBytes).ShouldBeTrue();
        fromBytes.ShouldBe(mailbox);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@x")]
    [InlineData("a@")]
    [InlineData("a@x@y")]
    [InlineData("a b@x")]
    [InlineData(" a@x")]
    [InlineData("a@x ")]
    [InlineData(".a@x")]
    [InlineData("a.@x")]
    [InlineData("a..b@x")]
    [InlineData("a(c)@x")]
    [InlineData("<a@x>")]
    [InlineData("\"a\"b@x")]
    [InlineData("a\"b\"@x")]
    [InlineData("\"a@x")]
    [InlineData("\"a\\\"@x")]
    [InlineData("\"a\tb\"@x")]
    [InlineData("\"a\\\r\"@x")]
    [InlineData("a\0@x")]
    [InlineData("a\u0085@x")]
    [InlineData("a\u00a0b@x")]
    [InlineData("a\u200b@x")]
    [InlineData("a\u202e@x")]
    [InlineData("a\ufeff@x")]
    [InlineData("a\u2028@x")]
    [InlineData("\"a\u2060\"@x")]
    [InlineData("a@x\u200b.example")]
    [InlineData("a@[]")]
    [InlineData("a@[192.0.2.1]x")]
    public void TryParse_Invalid_IsRefused(string text)
    {
        Mailbox.TryParse(text, out var mailbox).ShouldBeFalse();
        mailbox.ShouldBeNull();
        Mailbox.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
    }

    [Fact]
    public void TryParse_LoneSurrogateOrBadUtf8_IsRefused()
    {
        Mailbox.TryParse("a\ud800@x", out _).ShouldBeFalse();
        Mailbox.TryParse("a\xff@x"u8[..3], out _).ShouldBeFalse();
        Mailbox.TryParse([(byte)'a', 0xFF, (byte)'@', (byte)'x'], out _).ShouldBeFalse();
        Mailbox.TryParse([(byte)'a', 0xC0, 0xAE, (byte)'@', (byte)'x'], out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(64, 189, true)]
    [InlineData(65, 100, false)]
    [InlineData(64, 190, false)]
    public void TryParse_Lengths_AreBounded(int local, int domain, bool valid)
    {
        var name = string.Concat(Enumerable.Repeat("abc.", 100))[..(domain - 1)].TrimEnd('.').PadRight(domain, 'd');
        Mailbox.TryParse($"{new string('a', local)}@{name}", out _).ShouldBe(valid);
    }

    [Theory]
    [InlineData("a", "x", "a@x")]
    [InlineData("a.b", "x", "a.b@x")]
    [InlineData("", "x", "\"\"@x")]
    [InlineData(".a", "x", "\".a\"@x")]
    [InlineData("a..b", "x", "\"a..b\"@x")]
    [InlineData("a b", "x", "\"a b\"@x")]
    [InlineData("a\"b\\", "x", "\"a\\\"b\\\\\"@x")]
    [InlineData("p\u00e9", "x", "p\u00e9@x")]
    [InlineData("Postmaster", "", "Postmaster")]
    public void ToString_LocalPart_IsQuotedWhereItMustBe(string local, string domain, string wire) =>
        new Mailbox(local, domain).ToString().ShouldBe(wire);

    [Fact]
    public void TryParse_RandomText_ComesBackTheSameFromItsWireForm()
    {
        const string alphabet = "ab.@\"\\ <>,\u00e9\u200b[]1:-";
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = new string(Enumerable.Range(0, random.Next(10)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToArray());
            foreach (var candidate in new[] { text, text + "@x.example", $"\"{text}\"@x" })
            {
                if (!Mailbox.TryParse(candidate, out var mailbox)) continue;
                Mailbox.TryParse(mailbox!.ToString(), out var again).ShouldBeTrue($"seed {seed}");
                again.ShouldBe(mailbox, $"seed {seed}");
            }
        }
    }
}
