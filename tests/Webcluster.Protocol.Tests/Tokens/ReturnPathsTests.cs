using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Tokens;
using Xunit;
using static Webcluster.Protocol.Tests.Tokens.Keys;

namespace Webcluster.Protocol.Tests.Tokens;

public sealed class ReturnPathsTests
{
    private static readonly Guid Message = Guid.Parse("019aab5c-0001-7000-8000-0123456789ab");
    private static readonly Mailbox Ann = new("ann", "example.org");

    private static readonly ReturnPaths Paths = new(
        "bounce.example.com", new Dictionary<string, string> { ["shop"] = "back.shop.example" }, Ring(1), TimeSpan.FromDays(30));

    [Theory]
    [InlineData("shop", "back.shop.example")]
    [InlineData("other", "bounce.example.com")]
    public void For_Tenant_HasItsDomain(string tenant, string domain)
    {
        var path = Paths.For(tenant, Message, [Ann], Now);
        path.Domain.ShouldBe(domain);
        Paths.IsReturnPath(path).ShouldBeTrue();
        Paths.Read(path, Now, out var token).ShouldBe(TokenProblem.None);
        token.ShouldBe(new ReturnToken(TokenKind.ReturnPath, Message, RecipientMark.Of(Message, tenant, Ann), new DateOnly(2026, 12, 22)));
        // On the wire and back.
        Mailbox.TryParse(path.ToString(), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(path);
    }

    [Theory]
    [InlineData("b+x", "bounce.example.com", true)]
    [InlineData("B+x", "bounce.example.com", true)]
    [InlineData("b+x", "example.com", false)]
    [InlineData("bob", "bounce.example.com", false)]
    public void IsReturnPath_Address_NeedsPrefixAndDomain(string local, string domain, bool expected) =>
        Paths.IsReturnPath(new Mailbox(local, domain)).ShouldBe(expected);

    [Fact]
    public void Reference_IsNoReturnPath()
    {
        var reference = Paths.Reference("shop", Message, [Ann, Ann with { LocalPart = "bob" }], Now);
        Paths.ReadReference(reference, Now, out var token).ShouldBe(TokenProblem.None);
        token.Recipient.ShouldBe(RecipientMark.Several);
        Paths.Read(new Mailbox("b+" + reference, "bounce.example.com"), Now, out _).ShouldBe(TokenProblem.Malformed);
    }
}
