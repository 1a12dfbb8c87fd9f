using Shouldly;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Returns;
using Webcluster.Submission.Unsubscribing;
using Xunit;

namespace Webcluster.Submission.Tests.Returns;

/// <summary>What is wrong with a configuration is found at start, all of it.</summary>
public sealed class WayBackOptionsTests
{
    [Fact]
    public void ReturnPath_NothingGiven_IsFine() => new ReturnPathOptions().Problems().ShouldBeEmpty();

    [Fact]
    public void ReturnPath_Whole_IsFine() => new ReturnPathOptions
    {
        Domain = "bounce.example.com",
        Tenants = [new ReturnDomainOptions { Tenant = "shop", Domain = "back.shop.example" }],
        Keys = [new TokenKeyOptions { Id = 1, File = "key" }],
        Feedback = ["loop@isp.example"],
        Listeners = [new ReturnListenerOptions()],
    }.Problems().ShouldBeEmpty();

    [Fact]
    public void ReturnPath_Wrong_NamesEachKey() => new ReturnPathOptions
    {
        Domain = "-",
        Tenants =
        [
            new ReturnDomainOptions { Tenant = "a", Domain = "a.example" }, new ReturnDomainOptions { Tenant = "a", Domain = "" },
            new ReturnDomainOptions { Tenant = "Acme Mail", Domain = "b.example" },
        ],
        Keys = [new TokenKeyOptions { Id = 256, File = "key" }, new TokenKeyOptions { Id = 256 }],
        Expiry = TimeSpan.Zero,
        Feedback = ["nobody"],
        Listeners = [new ReturnListenerOptions { Address = "25" }],
        Limits = new ReturnLimitOptions { MessagesPerMinute = 0, Connections = 0 },
    }.Problems().Select(problem => problem.Key).ShouldBe(
    [
        "domain", "tenants[1].tenant", "tenants[1].domain", "tenants[2].tenant", "keys[0].id", "keys[1].id", "keys[1].id", "keys[1].file",
        "expiry", "feedback[0]", "listeners[0].address", "limits.connections", "limits.messages_per_minute",
    ], ignoreOrder: true);

    [Theory]
    [InlineData(ListenerTls.StartTls, true)]
    [InlineData(ListenerTls.None, true)]
    [InlineData(ListenerTls.Implicit, false)]
    public void ReturnPath_TlsOfAListener_IsOneThatMailServersSpeak(ListenerTls tls, bool expected) => new ReturnPathOptions
    {
        Domain = "bounce.example.com",
        Keys = [new TokenKeyOptions { Id = 1, File = "key" }],
        Listeners = [new ReturnListenerOptions { Tls = tls }],
    }.Problems().Select(problem => problem.Key).ShouldBe(expected ? [] : ["listeners[0].tls"]);

    [Fact]
    public void ReturnPath_WithoutDomain_IsNeeded() =>
        new ReturnPathOptions { Listeners = [new ReturnListenerOptions()] }.Problems().Single().Key.ShouldBe("domain");

    [Theory]
    [InlineData("https://mail.example.com", true)]
    [InlineData("https://mail.example.com/mail/", true)]
    [InlineData("http://mail.example.com", false)]
    [InlineData("mail.example.com", false)]
    [InlineData("https://mail.example.com/?a=b", false)]
    [InlineData("https://mail.example.com/>", false)]
    [InlineData("https://user@mail.example.com", false)]
    public void Unsubscribe_Url_IsHttpsAndPlain(string url, bool expected) =>
        new UnsubscribeOptions { Url = url, Keys = [new TokenKeyOptions { Id = 1, File = "key" }] }.Problems().Any().ShouldBe(!expected);

    [Fact]
    public void Unsubscribe_NoConnections_NamesEachKey() => new UnsubscribeOptions
    {
        Url = "https://mail.example.com", Keys = [new TokenKeyOptions { Id = 1, File = "key" }], Connections = 0, ConnectionsPerAddress = -1,
    }.Problems().Select(problem => problem.Key).ShouldBe(["connections", "connections_per_address"]);

    [Fact]
    public void Unsubscribe_Tenants_AreNamesOrAll() => new UnsubscribeOptions
    {
        Url = "https://mail.example.com", Keys = [new TokenKeyOptions { Id = 1, File = "key" }], Tenants = ["*", "shop", "Acme Mail", ""],
    }.Problems().Select(problem => problem.Key).ShouldBe(["tenants[2]", "tenants[3]"]);

    [Fact]
    public void Unsubscribe_WithoutKeys_NeedsOne() =>
        new UnsubscribeOptions { Url = "https://mail.example.com" }.Problems().Single().Key.ShouldBe("keys");
}
