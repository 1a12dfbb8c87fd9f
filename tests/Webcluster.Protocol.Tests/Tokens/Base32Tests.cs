using System.Text;
using Shouldly;
using Webcluster.Protocol.Tokens;
using Xunit;

namespace Webcluster.Protocol.Tests.Tokens;

public sealed class Base32Tests
{
    // The vectors of RFC 4648 §10, in lower case and without padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "my")]
    [InlineData("fo", "mzxq")]
    [InlineData("foo", "mzxw6")]
    [InlineData("foob", "mzxw6yq")]
    [InlineData("fooba", "mzxw6ytb")]
    [InlineData("foobar", "mzxw6ytboi")]
    public void Write_Vector_IsThatOfTheRfcAndIsReadBackInEitherCase(string octets, string text)
    {
        Base32.Write(Encoding.ASCII.GetBytes(octets)).ShouldBe(text);
        foreach (var given in new[] { text, text.ToUpperInvariant() })
        {
            var read = new byte[octets.Length];
            Base32.TryRead(given, read).ShouldBeTrue();
            Encoding.ASCII.GetString(read).ShouldBe(octets);
        }
    }

    [Theory]
    [InlineData("mz", 1)] // a bit is left over that is not zero
    [InlineData("m", 1)]
    [InlineData("mya", 1)]
    [InlineData("m=", 1)]
    [InlineData("m1", 1)]
    [InlineData("m8", 1)]
    [InlineData("m\u212a", 1)] // the sign of Kelvin, whose lower case is k
    public void TryRead_WhatWasNeverWritten_IsRefused(string text, int octets) =>
        Base32.TryRead(text, new byte[octets]).ShouldBeFalse();
}
