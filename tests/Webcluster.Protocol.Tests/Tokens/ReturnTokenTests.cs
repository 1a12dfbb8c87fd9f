using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Tokens;
using Xunit;
using static Webcluster.Protocol.Tests.Tokens.Keys;

namespace Webcluster.Protocol.Tests.Tokens;

public sealed class ReturnTokenTests
{
    private static readonly Guid Message = Guid.Parse("019aab5c-0001-7000-8000-0123456789ab");
    private static readonly Mailbox Ann = new("ann", "example.org");

    private static readonly ReturnToken Token =
        new(TokenKind.ReturnPath, Message, RecipientMark.Of(Message, "", Ann), new DateOnly(2026, 12, 22));

    // A return path that is on its way must be readable by the next version.
    [Fact]
    public void Write_KnownToken_IsFrozen() =>
        Token.Write(Ring(1)).ShouldBe("ceaqdgvllqaac4aaqaaaci2fm6e2wh6otrvpizaj6pwuca5dnsmgoma7hlr2w");

    [Fact]
    public void Read_WhatWasWritten_IsTheSameInEitherCase()
    {
        foreach (var text in new[] { Token.Write(Ring(1)), Token.Write(Ring(1)).ToUpperInvariant() })
        {
            ReturnToken.Read(text, TokenKind.ReturnPath, Ring(1), Now, out var read).ShouldBe(TokenProblem.None);
            read.ShouldBe(Token);
        }
    }

    [Fact]
    public void Write_AnyToken_FitsALocalPart() =>
        (ReturnPaths.Prefix.Length + ReturnToken.Length).ShouldBeLessThanOrEqualTo(64);

    [Fact]
    public void Read_AnyCharacterChanged_IsRefused()
    {
        var text = Token.Write(Ring(1));
        for (var at = 0; at < text.Length; at++)
        {
            var changed = text[..at] + (text[at] == 'a' ? 'b' : 'a') + text[(at + 1)..];
            ReturnToken.Read(changed, TokenKind.ReturnPath, Ring(1), Now, out _).ShouldNotBe(TokenProblem.None, $"at {at}");
        }
    }

    [Fact]
    public void Read_AfterRotation_BelievesOldKeysUntilTheyAreGone()
    {
        var text = Token.Write(Ring(1));
        ReturnToken.Read(text, TokenKind.ReturnPath, Ring(2, 1), Now, out _).ShouldBe(TokenProblem.None);
        ReturnToken.Read(text, TokenKind.ReturnPath, Ring(2), Now, out _).ShouldBe(TokenProblem.UnknownKey);
        var impostor = new TokenKeyRing([TokenKey.Create(1, new string('x', 32), out _)!]);
        ReturnToken.Read(text, TokenKind.ReturnPath, impostor, Now, out _).ShouldBe(TokenProblem.Forged);
    }

    [Theory]
    [InlineData("2026-12-22T23:59:59Z", TokenProblem.None)]
    [InlineData("2026-12-23T00:00:00Z", TokenProblem.Expired)]
    [InlineData("2026-12-23T00:30:00+01:00", TokenProblem.None)]
    public void Read_AroundTheEndOfItsLastDay_Expires(string now, TokenProblem expected)
    {
        ReturnToken.Read(Token.Write(Ring(1)), TokenKind.ReturnPath, Ring(1), DateTimeOffset.Parse(now), out var read).ShouldBe(expected);
        read.Message.ShouldBe(Message);
    }

    [Fact]
    public void Read_TokenOfAnotherKind_IsNone() =>
        ReturnToken.Read(Token.Write(Ring(1)), TokenKind.Reference, Ring(1), Now, out _).ShouldBe(TokenProblem.Malformed);

    [Theory]
    [InlineData("")]
    [InlineData("b+")]
    [InlineData("not base32!")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Read_NoToken_IsMalformed(string text) =>
        ReturnToken.Read(text, TokenKind.ReturnPath, Ring(1), Now, out _).ShouldBe(TokenProblem.Malformed);

    [Fact]
    public void RecipientMark_SameAddress_DiffersByMessageAndTenantAndNotByCase()
    {
        var bob = new Mailbox("bob", "example.org");
        RecipientMark.Of(Message, "shop", new Mailbox("ANN", "example.org")).ShouldBe(RecipientMark.Of(Message, "shop", Ann));
        RecipientMark[] marks =
        [
            Token.Recipient, RecipientMark.Of(Message, "shop", Ann), RecipientMark.Of(Message, "other", Ann),
            RecipientMark.Of(Guid.Empty, "shop", Ann), RecipientMark.Of(Message, "shop", bob), RecipientMark.Of(Message, "shop", [Ann, bob]),
        ];
        marks.Distinct().Count().ShouldBe(marks.Length);
        marks[^1].ShouldBe(RecipientMark.Several);
    }
}
