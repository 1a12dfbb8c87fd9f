using System.Text;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Tokens;
using Xunit;
using static Webcluster.Protocol.Tests.Tokens.Keys;

namespace Webcluster.Protocol.Tests.Tokens;

public sealed class UnsubscribeTokenTests
{
    private static readonly UnsubscribeToken Token = new("shop", "news", new Mailbox("ann", "example.org"), new DateOnly(2028, 1, 1));

    [Fact]
    public void Write_KnownToken_IsFrozen() =>
        Token.Write(Ring(1)).ShouldBe("EgELagRzaG9wBG5ld3Nhbm5AZXhhbXBsZS5vcmcf_gH_7g4QtvWwHDVs2PQi");

    public static TheoryData<string, string, string> Contents => new()
    {
        { "shop", "news", "ann@example.org" },
        { "", "", "a@b.example" },
        { new string('t', 128), new string('l', 128), $"{new string('a', 64)}@{new string('d', 60)}.{new string('e', 60)}.{new string('f', 60)}.org" },
        { "laden-ä", "", "ünï@xn--nxasmq6b.example" },
        { "t", "", "\"odd name\"@example.org" },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void Read_WhatWasWritten_IsTheSame(string tenant, string list, string address)
    {
        Mailbox.TryParse(address, out var mailbox).ShouldBeTrue();
        var token = new UnsubscribeToken(tenant, list, mailbox!, new DateOnly(2027, 1, 1));
        var text = token.Write(Ring(3)).ShouldNotBeNull();
        text.Length.ShouldBeLessThanOrEqualTo(UnsubscribeToken.MostLength);
        UnsubscribeToken.Read(text, Ring(3), Now, out var read).ShouldBe(TokenProblem.None);
        read.ShouldBe(token);
    }

    [Fact]
    public void Write_NameThatIsTooLong_IsNone() => (Token with { Tenant = new string('t', 129) }).Write(Ring(1)).ShouldBeNull();

    [Fact]
    public void Read_AnyCharacterChanged_IsRefused()
    {
        var text = Token.Write(Ring(1))!;
        for (var at = 0; at < text.Length; at++)
        {
            var changed = new StringBuilder(text) { [at] = text[at] == 'A' ? 'Q' : 'A' }.ToString();
            UnsubscribeToken.Read(changed, Ring(1), Now, out _).ShouldNotBe(TokenProblem.None, $"at {at}");
        }
    }

    [Fact]
    public void Read_Expired_StillSaysWhoseItIs()
    {
        UnsubscribeToken.Read(Token.Write(Ring(1)), Ring(1), Now.AddYears(2), out var read).ShouldBe(TokenProblem.Expired);
        read.ShouldBe(Token);
    }

    [Fact]
    public void Read_AnyOctets_NeverThrows()
    {
        var random = new Random(7);
        for (var round = 0; round < 5000; round++)
        {
            var octets = new byte[random.Next(700)];
            random.NextBytes(octets);
            if (octets.Length > 1) (octets[0], octets[1]) = (0x12, 1);
            UnsubscribeToken.Read(Convert.ToBase64String(octets), Ring(1), Now, out _).ShouldNotBe(TokenProblem.None);
            UnsubscribeToken.Read(System.Buffers.Text.Base64Url.EncodeToString(octets), Ring(1), Now, out _).ShouldNotBe(TokenProblem.None);
        }
    }
}
