using Shouldly;
using Webcluster.Queue.Redis.Connection;
using Webcluster.TestKit.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Connection;

public sealed class RedisLinkSecurityTests : IDisposable
{
    private readonly string _password = Path.GetTempFileName();

    public void Dispose() => File.Delete(_password);

    [RedisFact]
    public async Task Connect_WithThePassword_IsLetIn()
    {
        await using var daemon = await RedisDaemon.StartAsync("--requirepass", "a long one");
        await File.WriteAllTextAsync(_password, "a long one\n");
        await using var link = await daemon.ConnectAsync(options => options.PasswordFile = _password);
        (await link.AnswersAsync()).ShouldBeTrue();
    }

    [RedisFact]
    public async Task Connect_WithAnotherPassword_IsDeniedUntilTheFileIsRight()
    {
        await using var daemon = await RedisDaemon.StartAsync("--requirepass", "a long one");
        await File.WriteAllTextAsync(_password, "another");
        await using var link = await daemon.ConnectAsync(options => options.PasswordFile = _password);
        (await LinkSamples.TroubleOfAsync(() => link.GetAsync("wc:{0}:x")))!.Message.ShouldContain("password");
        await File.WriteAllTextAsync(_password, "a long one");
        (await link.AnsweredAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [RedisFact]
    public async Task Connect_WithoutAPasswordWhereOneIsAsked_IsDown()
    {
        await using var daemon = await RedisDaemon.StartAsync("--requirepass", "a long one");
        await using var link = await daemon.ConnectAsync();
        (await link.AnswersAsync()).ShouldBeFalse();
    }

    [RedisFact]
    public async Task Connect_TlsWithTheAuthority_IsLetIn()
    {
        using var certificates = new RedisCertificates("IP:127.0.0.1");
        await using var daemon = await RedisDaemon.StartTlsAsync(certificates);
        await using var link = await daemon.ConnectAsync(options => (options.Tls, options.TlsCaFile) = (true, certificates.Authority));
        (await link.AnswersAsync()).ShouldBeTrue();
    }

    [RedisFact]
    public async Task Connect_TlsWithTheNameOfTheCertificate_IsLetIn()
    {
        using var certificates = new RedisCertificates("DNS:redis.example");
        await using var daemon = await RedisDaemon.StartTlsAsync(certificates);
        await using var link = await daemon.ConnectAsync(options =>
            (options.Tls, options.TlsCaFile, options.TlsName) = (true, certificates.Authority, "redis.example"));
        (await link.AnswersAsync()).ShouldBeTrue();
    }

    [RedisTheory]
    [InlineData("DNS:other.example", true, true)]
    [InlineData("IP:127.0.0.1", true, false)]
    [InlineData("IP:127.0.0.1", false, false)]
    public async Task Connect_TlsThatCannotBeTrusted_IsNotUsed(string names, bool tls, bool itsAuthority)
    {
        using var certificates = new RedisCertificates(names);
        using var others = new RedisCertificates(names);
        await using var daemon = await RedisDaemon.StartTlsAsync(certificates);
        await using var link = await daemon.ConnectAsync(options =>
        {
            options.Tls = tls;
            if (tls)
                options.TlsCaFile = (itsAuthority ? certificates : others).Authority;
        });
        link.IsUp.ShouldBeFalse();
        (await link.AnswersAsync()).ShouldBeFalse();
    }

    public static TheoryData<string, RedisLinkOptions> Problems { get; } = new()
    {
        { "servers", new RedisLinkOptions() },
        { "servers", new RedisLinkOptions { Servers = ["a:1"], Sentinels = ["b:1"] } },
        { "servers", new RedisLinkOptions { Servers = ["a:1", "b:1"] } },
        { "servers", new RedisLinkOptions { Servers = ["a"] } },
        { "servers", new RedisLinkOptions { Servers = ["a:0"] } },
        { "servers", new RedisLinkOptions { Servers = ["a:65536"] } },
        { "servers", new RedisLinkOptions { Servers = ["/run/redis.sock:1"] } },
        { "sentinels", new RedisLinkOptions { Sentinels = [":1"] } },
        { "cluster", new RedisLinkOptions { Sentinels = ["a:1"], Cluster = true } },
        { "primary_name", new RedisLinkOptions { Sentinels = ["a:1"], PrimaryName = "" } },
        { "user", new RedisLinkOptions { Servers = ["a:1"], User = "app" } },
        { "tls", new RedisLinkOptions { Servers = ["a:1"], TlsCaFile = "/ca" } },
        { "call_timeout", new RedisLinkOptions { Servers = ["a:1"], CallTimeout = TimeSpan.FromMilliseconds(49) } },
        { "call_timeout", new RedisLinkOptions { Servers = ["a:1"], CallTimeout = TimeSpan.FromSeconds(21) } },
        { "connect_timeout", new RedisLinkOptions { Servers = ["a:1"], ConnectTimeout = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Problems_BadOptions_AreNamed(string key, RedisLinkOptions options) =>
        options.Problems().Select(problem => problem.Key).ShouldContain(key);

    [Fact]
    public async Task Connect_BadOptions_AreRefused() =>
        (await Should.ThrowAsync<ArgumentException>(() => LinkSamples.ConnectAsync(options => (options.Servers, options.User) = (["a:1"], "app"))))
            .Message.ShouldContain("AUTH");

    [Fact]
    public void Problems_GoodOptions_AreNone()
    {
        new RedisLinkOptions { Servers = ["127.0.0.1:6379"] }.Problems().ShouldBeEmpty();
        new RedisLinkOptions { Servers = ["[::1]:6379", "b:65535"], Cluster = true, Tls = true, TlsCaFile = "/ca" }.Problems().ShouldBeEmpty();
        new RedisLinkOptions { Sentinels = ["a:26379", "b:26379"] }.Problems().ShouldBeEmpty();
    }
}
