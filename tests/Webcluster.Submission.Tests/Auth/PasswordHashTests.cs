using Shouldly;
using Webcluster.Submission.Auth;
using Xunit;

namespace Webcluster.Submission.Tests.Auth;

public sealed class PasswordHashTests
{
    // PBKDF2-HMAC-SHA256 of "password" with the salt "saltSALTsaltSALT" and 4,096 iterations, computed with Python's hashlib.
    private const string Known = "$pbkdf2-sha256$i=4096$c2FsdFNBTFRzYWx0U0FMVA==$kVD6NM4ljz+g9JUH5Fappxkk9oLULzZIKyYYhI/Tjlo=";

    [Fact]
    public void Create_Default_NamesItsParameters()
    {
        var hash = PasswordHash.Create("secret");
        hash.ShouldStartWith("$pbkdf2-sha256$i=600000$");
        hash.ShouldNotContain(":");
        PasswordHash.Verify(hash, "secret").ShouldBeTrue();
        PasswordHash.Verify(hash, "Secret").ShouldBeFalse();
        PasswordHash.Create("secret").ShouldNotBe(hash);
    }

    [Theory]
    [InlineData("password", true)]
    [InlineData("passwore", false)]
    [InlineData("", false)]
    public void Verify_KnownHash_MatchesItsPassword(string password, bool matches) =>
        PasswordHash.Verify(Known, password).ShouldBe(matches);

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$pbkdf2-sha256$i=0$c2FsdFNBTFRzYWx0U0FMVA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("$pbkdf2-sha256$i=10000001$c2FsdFNBTFRzYWx0U0FMVA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("$pbkdf2-sha256$i=+1$c2FsdFNBTFRzYWx0U0FMVA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("$pbkdf2-sha1$i=1$c2FsdFNBTFRzYWx0U0FMVA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("$pbkdf2-sha256$i=1$c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("$pbkdf2-sha256$i=1$c2FsdFNBTFRzYWx0U0FMVA==$AAAA")]
    [InlineData("$pbkdf2-sha256$i=1$c2FsdFNBTFRzYWx0U0FMVA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=$")]
    public void Verify_NoHash_MatchesNothing(string text)
    {
        PasswordHash.IsValid(text).ShouldBeFalse();
        PasswordHash.Verify(text, "").ShouldBeFalse();
    }

    [Fact]
    public void Dummy_IsAHashThatCostsTheSame()
    {
        PasswordHash.IsValid(PasswordHash.Dummy).ShouldBeTrue();
        PasswordHash.Dummy.ShouldStartWith("$pbkdf2-sha256$i=600000$");
    }
}
