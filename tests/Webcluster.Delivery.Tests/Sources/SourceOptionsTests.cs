using System.Net;
using Shouldly;
using Webcluster.Delivery.Sources;
using Xunit;

namespace Webcluster.Delivery.Tests.Sources;

public sealed class SourceOptionsTests
{
    [Theory]
    [InlineData("socks5://127.0.0.1:1080", "127.0.0.1:1080")]
    [InlineData("SOCKS5://anna@127.0.0.1:1080", "127.0.0.1:1080")]
    [InlineData("socks5://a@b@[2001:db8::1]:1080", "[2001:db8::1]:1080")]
    [InlineData("socks5://Proxy.example:1080", "proxy.example:1080")]
    [InlineData("proxy-v2://10.0.0.1:65535", "10.0.0.1:65535")]
    public void Proxy_WellWritten_IsTaken(string text, string host)
    {
        EgressProxy.TryParse(text, out var proxy).ShouldBeTrue();
        proxy.ToString().ShouldEndWith(host);
        EgressProxy.TryParse(proxy.ToString(), out var again).ShouldBeTrue("it is shown as it is written");
        again.ShouldBe(proxy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:1080")]
    [InlineData("http://127.0.0.1:1080")]
    [InlineData("socks5://127.0.0.1")]
    [InlineData("socks5://127.0.0.1:0")]
    [InlineData("socks5://127.0.0.1:65536")]
    [InlineData("socks5://127.0.0.1:-1")]
    [InlineData("socks5://2001:db8::1:1080")]
    [InlineData("socks5://[127.0.0.1]:1080")]
    [InlineData("socks5://:1080")]
    [InlineData("socks5://@h:1080")]
    [InlineData("socks5://anna:secret@h:1080")]
    [InlineData("proxy-v2://anna@h:1080")]
    [InlineData("socks5://h_:1080")]
    public void Proxy_IllWritten_IsRefused(string text) => EgressProxy.TryParse(text, out _).ShouldBeFalse();

    public static TheoryData<SourceOptions, string[]> Rows => new()
    {
        { new SourceOptions { Name = "a", Address = "192.0.2.1" }, [] },
        { new SourceOptions { Name = "a-1.b_c", Address6 = "2001:db8::1", Ehlo = "mail.example.com" }, [] },
        { new SourceOptions { Name = "a", Proxy = "socks5://proxy:1080" }, [] },
        { new SourceOptions { Name = "a", Address = "192.0.2.1", Proxy = "proxy-v2://proxy:1080" }, [] },
        { new SourceOptions { Name = "a", Address = "192.0.2.1", Warmup = new() { Start = "2026-11-22" } }, [] },
        { new SourceOptions(), ["name", "address"] },
        { new SourceOptions { Name = "A", Address = "192.0.2.1" }, ["name"] },
        { new SourceOptions { Name = new string('a', 65), Address = "192.0.2.1" }, ["name"] },
        { new SourceOptions { Name = "a", Address = "2001:db8::1", Address6 = "192.0.2.1" }, ["address", "address6"] },
        { new SourceOptions { Name = "a", Address = "10.1" }, ["address"] },
        { new SourceOptions { Name = "a", Address = "192.0.2.1", Ehlo = "a..b" }, ["ehlo"] },
        { new SourceOptions { Name = "a", Proxy = "proxy:1080" }, ["proxy"] },
        { new SourceOptions { Name = "a", Proxy = "proxy-v2://proxy:1080" }, ["address"] },
        { new SourceOptions { Name = "a", Proxy = "socks5://u@proxy:1080" }, ["proxy_password_file"] },
        { new SourceOptions { Name = "a", Proxy = "socks5://proxy:1080", ProxyPasswordFile = "/etc/hostname" }, ["proxy_password_file"] },
        { new SourceOptions { Name = "a", Address = "192.0.2.1", ProxyPasswordFile = "/etc/hostname" }, ["proxy_password_file"] },
        { new SourceOptions { Name = "a", Address = "192.0.2.1", Warmup = new() { Plan = "", Start = "22.11.2026" } }, ["warmup.plan", "warmup.start"] },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Problems_AreAllNamed(SourceOptions options, string[] keys) =>
        options.Problems().Select(problem => problem.Key).ShouldBe(keys);

    [Fact]
    public void ToSource_WhatIsLeftOut_IsTheNodes()
    {
        var plain = new SourceOptions { Name = "a", Address = "192.0.2.1" }.ToSource("node.test", _ => "");
        plain.ShouldBe(new Source("a", IPAddress.Parse("192.0.2.1"), null, "node.test"));
        var full = new SourceOptions
        {
            Name = "a", Ehlo = "Mail.Example", Proxy = "socks5://u@h:1", ProxyPasswordFile = "f", Warmup = new() { Plan = "slow", Start = "2026-11-22" },
        }.ToSource("node.test", file => file + "-secret");
        full.Ehlo.ShouldBe("mail.example");
        full.Proxy!.Password.ShouldBe("f-secret");
        full.Proxy.ToString().ShouldNotContain("secret");
        full.Warmup.ShouldBe(new SourceWarmup("slow", new DateOnly(2026, 11, 22)));
    }
}
