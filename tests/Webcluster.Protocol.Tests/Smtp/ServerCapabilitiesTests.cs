using Shouldly;
using Webcluster.Protocol.Smtp;
using Xunit;

namespace Webcluster.Protocol.Tests.Smtp;

public sealed class ServerCapabilitiesTests
{
    [Fact]
    public void Parse_AllKnownExtensions_AreRead()
    {
        var capabilities = Parse("mx.example", "PIPELINING", "starttls", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING",
            "ENHANCEDSTATUSCODES", "SIZE 1000",
            "AUTH PLAIN login", "XCLIENT NAME", "");
        capabilities.AuthMechanisms.ShouldBe(["PLAIN", "LOGIN"]);
        (capabilities with { AuthMechanisms = [] }).ShouldBe(new ServerCapabilities
        {
            Pipelining = true, StartTls = true, EightBitMime = true, SmtpUtf8 = true, Dsn = true, Chunking = true,
            EnhancedStatusCodes = true, Size = true, MaxSize = 1000,
        });
    }

    [Theory]
    [InlineData("SIZE", true, null)]
    [InlineData("SIZE 0", true, null)]
    [InlineData("SIZE x", true, null)]
    [InlineData("SIZE -1", true, null)]
    [InlineData("SIZE 1", true, 1L)]
    [InlineData("SIZE 99999999999999999999", true, null)]
    [InlineData("SIZES 1", false, null)]
    public void Parse_Size_HasItsLimit(string line, bool offered, long? limit)
    {
        var capabilities = Parse("x", line);
        (capabilities.Size, capabilities.MaxSize).ShouldBe((offered, limit));
    }

    [Fact]
    public void Parse_AuthInBothForms_IsJoined() =>
        Parse("x", "AUTH=LOGIN PLAIN", "AUTH PLAIN XOAUTH2", "AUTH=").AuthMechanisms.ShouldBe(["LOGIN", "PLAIN", "XOAUTH2"]);

    [Fact]
    public void Parse_KeywordInTheGreeting_IsNoOffer() => Parse("STARTTLS").ShouldBe(ServerCapabilities.None);

    [Fact]
    public void Parse_RefusedHello_OffersNothing() =>
        ServerCapabilities.Parse(new SmtpReply(502, default, ["x", "STARTTLS"])).ShouldBe(ServerCapabilities.None);

    private static ServerCapabilities Parse(params string[] lines) => ServerCapabilities.Parse(new SmtpReply(250, default, lines));
}
