using System.Text;
using Shouldly;
using Webcluster.Submission.Auth;
using Xunit;

namespace Webcluster.Submission.Tests.Auth;

public sealed class SaslPlainTests
{
    [Theory]
    [InlineData("\0user\0pw", "", "user", "pw")]
    [InlineData("user\0user\0pw", "user", "user", "pw")]
    [InlineData("\0\0", "", "", "")]
    [InlineData("\0ü\0ß", "", "ü", "ß")]
    public void TryParse_Message_HasThreeParts(string message, string authorize, string name, string password)
    {
        SaslPlain.TryParse(Encoding.UTF8.GetBytes(message), out var login).ShouldBeTrue();
        (login.Authorize, login.Name, Encoding.UTF8.GetString(login.Password.Span)).ShouldBe((authorize, name, password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("\0user")]
    [InlineData("a\0b\0c\0d")]
    [InlineData("\0\0\0")]
    public void TryParse_OtherCounts_AreNoMessage(string message) =>
        SaslPlain.TryParse(Encoding.UTF8.GetBytes(message), out _).ShouldBeFalse();

    [Fact]
    public void TryParse_NoUtf8_IsNoMessage() => SaslPlain.TryParse(new byte[] { 0, 0xFF, 0, 1 }, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_RandomOctets_NeverThrows()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 5_000; round++)
        {
            var message = new byte[random.Next(12)];
            random.NextBytes(message);
            for (var zero = 0; zero < 2 && message.Length > 0; zero++) message[random.Next(message.Length)] = 0;
            var parsed = SaslPlain.TryParse(message, out var login);
            var isText = new UTF8Encoding(false, true) is var strict && IsUtf8(strict, message);
            parsed.ShouldBe(isText && message.Count(octet => octet == 0) == 2, $"seed {seed}, round {round}");
            if (parsed) login.Password.Length.ShouldBeLessThanOrEqualTo(message.Length - 2);
        }
    }

    private static bool IsUtf8(UTF8Encoding strict, byte[] message)
    {
        try
        {
            strict.GetCharCount(message);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
