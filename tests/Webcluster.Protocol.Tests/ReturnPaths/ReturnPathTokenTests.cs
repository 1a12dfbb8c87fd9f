using Shouldly;
using Webcluster.Protocol.ReturnPaths;
using Xunit;

namespace Webcluster.Protocol.Tests.ReturnPaths;

public sealed class ReturnPathTokenTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly Guid Message = Guid.Parse("0193512e-7f00-7c3a-8000-0123456789ab");
    private static readonly ReturnPathKeyRing Keys = Ring(current: 2, 1, 2);

    [Fact]
    public void Write_Token_FitsALocalPartAndNamesNobody()
    {
        var address = ReturnPathAddress.Write(New().Write(Keys), "bounce.example.com");
        var local = address[..address.IndexOf('@')];
        local.Length.ShouldBe(57);
        local.ShouldMatch("^b\\+[a-z2-7]{55}$");
    }

    [Fact]
    public void TryVerify_WhatWasWritten_IsTheSame()
    {
        ReturnPathToken.TryVerify(New().Write(Keys), Keys, Today, out var token).ShouldBe(TokenProblem.None);
        token.ShouldBe(New());
    }

    [Fact]
    public void TokenOf_FoldedCase_Verifies()
    {
        var address = ReturnPathAddress.Write(New().Write(Keys), "bounce.example.com").ToUpperInvariant();
        ReturnPathToken.TryVerify(ReturnPathAddress.TokenOf(address), Keys, Today, out _).ShouldBe(TokenProblem.None);
    }

    [Theory]
    [InlineData("bounce@example.com")]
    [InlineData("b+@example.com")]
    [InlineData("b+abc@example.com")]
    [InlineData("b+abc")]
    [InlineData("")]
    public void TokenOf_OtherAddress_IsNull(string address) => ReturnPathAddress.TokenOf(address).ShouldBeNull();

    [Fact]
    public void TryVerify_EachOtherCharacter_IsRefused()
    {
        var text = New().Write(Keys);
        for (var at = 0; at < text.Length; at++)
        {
            var forged = text[..at] + (text[at] == 'a' ? 'b' : 'a') + text[(at + 1)..];
            ReturnPathToken.TryVerify(forged, Keys, Today, out var token).ShouldNotBe(TokenProblem.None);
            token.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(0, TokenProblem.None)]
    [InlineData(-1, TokenProblem.Expired)]
    [InlineData(1, TokenProblem.None)]
    public void TryVerify_ExpiryDay_IsTheLastThatCounts(int days, TokenProblem expected) =>
        ReturnPathToken.TryVerify((New() with { ExpiryDay = Today.AddDays(days) }).Write(Keys), Keys, Today, out _).ShouldBe(expected);

    [Fact]
    public void TryVerify_RotatedKeys_AreToldApart()
    {
        var old = (New() with { KeyId = 1 }).Write(Keys);
        ReturnPathToken.TryVerify(old, Keys, Today, out _).ShouldBe(TokenProblem.None);
        ReturnPathToken.TryVerify(old, Ring(current: 2, 2, 3), Today, out _).ShouldBe(TokenProblem.UnknownKey);

        var other = new ReturnPathKeyRing(1, new Dictionary<byte, ReadOnlyMemory<byte>> { [1] = new byte[32] });
        ReturnPathToken.TryVerify(old, other, Today, out _).ShouldBe(TokenProblem.Forged);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("b+")]
    [InlineData("aeaa")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void TryVerify_NoToken_IsMalformed(string? text) =>
        ReturnPathToken.TryVerify(text, Keys, Today, out _).ShouldBe(TokenProblem.Malformed);

    [Fact]
    public void Write_UnusedBitsSet_AreNoSecondForm()
    {
        var text = New().Write(Keys);
        var last = "abcdefghijklmnopqrstuvwxyz234567".IndexOf(text[^1]);
        var other = text[..^1] + "abcdefghijklmnopqrstuvwxyz234567"[last ^ 1];
        ReturnPathToken.TryVerify(other, Keys, Today, out _).ShouldBe(TokenProblem.Malformed);
    }

    [Fact]
    public void KeyRing_ShortOrMissingKey_IsRefused()
    {
        Should.Throw<ArgumentException>(() => new ReturnPathKeyRing(1, new Dictionary<byte, ReadOnlyMemory<byte>> { [1] = new byte[31] }));
        Should.Throw<ArgumentException>(() => Ring(current: 3, 1, 2));
        Should.Throw<ArgumentException>(() => (New() with { KeyId = 9 }).Write(Keys));
    }

    private static ReturnPathToken New() => new(KeyId: 2, Message, Recipient: 65535, Today.AddDays(30));

    private static ReturnPathKeyRing Ring(byte current, params byte[] ids) =>
        new(current, ids.ToDictionary(id => id, id => (ReadOnlyMemory<byte>)Enumerable.Repeat(id, 32).ToArray()));
}
