using Shouldly;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.TransportSecurity;
using Xunit;

namespace Webcluster.Delivery.Tests.Routing;

public class StaticRoutesTests
{
    [Theory]
    [InlineData("a.test", "a.test")]
    [InlineData("x.b.test", ".b.test")]
    [InlineData("x.y.b.test", ".b.test")]
    [InlineData("b.test", null)]
    [InlineData("xb.test", null)]
    [InlineData("x.a.test", null)]
    [InlineData("late.b.test", ".b.test")]
    [InlineData("early.c.test", "early.c.test")]
    [InlineData("x.c.test", ".c.test")]
    [InlineData("[192.0.2.1]", null)]
    public void Find_TakesTheFirstThatMatches(string domain, string? match) =>
        (Routes("a.test", ".b.test", "late.b.test", "early.c.test", ".c.test").Find(domain)?.Lane.Site)
            .ShouldBe(match is null ? null : $"route:{match}");

    [Theory]
    [InlineData("[IPv6:2001:db8::1]")]
    [InlineData("[ipv6:2001:DB8::1]")]
    public void Find_AddressLiteral_WhateverTheCase(string match) =>
        Routes(match).Find("[IPv6:2001:db8::1]").ShouldNotBeNull().Lane.Site.ShouldBe("route:[ipv6:2001:db8::1]");

    [Theory]
    [InlineData("a.test", "route:a.test")]
    [InlineData("b.test", "route:*")]
    [InlineData("late.test", "route:*")]
    [InlineData("[192.0.2.1]", "route:*")]
    public void Find_Star_IsEveryDomainFromThereOn(string domain, string site) => Routes("a.test", "*", "late.test")
        .Find(domain)!.Lane.Site.ShouldBe(site);

    [Fact]
    public void Find_NoMatch_IsNull()
    {
        Routes("a.test", ".b.test").Find("b.test").ShouldBeNull();
        Routes().Find("a.test").ShouldBeNull();
    }

    [Fact]
    public void Find_SameMatchTwice_TheFirstCounts()
    {
        var routes = new StaticRoutes([Route("a.test", "one.test"), Route("a.test", "two.test")], _ => "");
        routes.Find("a.test")!.Hosts[0].Host.ShouldBe("one.test");
    }

    [Fact]
    public void Find_Match_IsNotAboutCase() => Routes("A.Test", ".B.Test").Find("x.b.test")!.Lane.Site.ShouldBe("route:.b.test");

    [Fact]
    public void Compile_Route_IsTheOperatorsWord()
    {
        var options = Route("a.test", "one.test:2525", "[2001:db8::1]");
        (options.Tls, options.Username, options.PasswordFile) = (TlsPolicy.Verified, "user", "file");
        var destination = new StaticRoutes([options], file => $"secret of {file}").Find("a.test")!;
        destination.Hosts.ShouldBe([new HostPort("one.test", 2525, null),
            new HostPort("2001:db8::1", 25, System.Net.IPAddress.Parse("2001:db8::1"))]);
        destination.IsConfigured.ShouldBeTrue();
        destination.Tls.ShouldBe(TlsPolicy.Verified);
        destination.Credentials.ShouldBe(new SmtpCredentials("user", "secret of file"));
        (destination.Lane.Provider, destination.Lane.Pool).ShouldBe(("route:a.test", "default"));
    }

    [Fact]
    public void Problems_AreAllNamed()
    {
        new RouteOptions().Problems().Select(problem => problem.Key).ShouldBe(["match", "hosts"]);
        Route("a.test", "x y").Problems().Select(problem => problem.Key).ShouldBe(["hosts"]);
        Route("a.test", "x.test").Problems().ShouldBeEmpty();
        foreach (var match in new[] { "*", ".a.test", "a.test", "[192.0.2.1]" }) Route(match, "x.test").Problems().ShouldBeEmpty(match);
        foreach (var match in new[] { "*.a.test", "a..test", ".", "a test", "münchen.test" })
            Route(match, "x.test").Problems().Select(problem => problem.Key).ShouldBe(["match"], match);
        var auth = Route("a.test", "x.test");
        (auth.Username, auth.PasswordFile) = ("user", "/does/not/exist");
        auth.Problems().Select(problem => problem.Key).ShouldBe(["username", "password_file"]);
    }

    private static StaticRoutes Routes(params string[] matches) => new([.. matches.Select(match => Route(match, "mx.test"))], _ => "");

    private static RouteOptions Route(string match, params string[] hosts) => new() { Match = match, Hosts = [.. hosts] };
}
