using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Shouldly;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.ProxyProtocol;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Sources;

/// <summary>Real sockets on loopback, real proxies, and proxies that misbehave; a clock that stands.</summary>
public sealed class EgressDialerTests
{
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();
    private readonly EgressDialer _dialer;

    public EgressDialerTests() => _dialer = new EgressDialer(Connect, _clock);

    [Fact]
    public async Task Dial_Address_IsWhatTheServerSees()
    {
        await using var server = ScriptedServer.Start(SmtpScript.New.Send("220 hi\r\n").ExpectEnd());
        var source = new Source("s", IPAddress.Parse("127.0.0.2"), null, "s.test");
        (await BannerAsync(await DialAsync(source, server.EndPoint))).ShouldBe("220 hi\r\n");
        server.Sources[0].Address.ShouldBe(IPAddress.Parse("127.0.0.2"));
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, "SourceUnusable")]
    [InlineData(SocketError.NoBufferSpaceAvailable, "SourceUnusable")]
    [InlineData(SocketError.ConnectionRefused, "Unreachable")]
    [InlineData(SocketError.NetworkUnreachable, "Unreachable")]
    [InlineData(SocketError.AddressFamilyNotSupported, "Unreachable")]
    public void KindOf_WhatThisNodeHasRunOutOf_IsTheSourcesTrouble(SocketError error, string expected) =>
        EgressDialer.KindOf(error).ToString().ShouldBe(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("anna:secret")]
    public async Task Dial_ThroughSocks_ServerSeesTheProxyAndSpeaksAtOnce(string? user)
    {
        // A server that speaks first: what it says must not be taken for the proxy's.
        await using var server = ScriptedServer.Start(SmtpScript.New.Send("220 hi\r\n").ExpectEnd());
        await using var proxy = SocksProxy.Start("127.0.0.7", user);
        var source = Through(proxy.Port, user);
        (await _dialer.ProbeAsync(source, CancellationToken.None).Soon()).ShouldBeNull();
        (await BannerAsync(await DialAsync(source, server.EndPoint))).ShouldBe("220 hi\r\n");
        server.Sources[0].Address.ShouldBe(IPAddress.Parse("127.0.0.7"));
        proxy.Asked.ShouldBe([server.EndPoint]);
    }

    [Fact]
    public async Task Dial_SocksKnowsAnotherPassword_IsTheSourcesTrouble()
    {
        await using var proxy = SocksProxy.Start("127.0.0.7", "anna:secret");
        foreach (var user in new[] { "anna:guess", null })
        {
            Tell(await DialAsync(Through(proxy.Port, user), new IPEndPoint(IPAddress.Loopback, 25))).ShouldBe("SourceUnusable@Connect");
            (await _dialer.ProbeAsync(Through(proxy.Port, user), CancellationToken.None).Soon()).ShouldNotBeNull().ShouldNotContain("guess");
        }

        proxy.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, "SourceUnusable@Connect")]
    [InlineData(2, "Unreachable@Connect")]
    [InlineData(4, "Unreachable@Connect")]
    [InlineData(5, "Unreachable@Connect")]
    [InlineData(6, "Unreachable@Connect")]
    [InlineData(7, "SourceUnusable@Connect")]
    [InlineData(8, "Unreachable@Connect")]
    public async Task Dial_SocksRefuses_IsTheDestinationsOrTheSourcesTrouble(byte refusal, string expected)
    {
        await using var proxy = SocksProxy.Start("127.0.0.7");
        proxy.Refusal = refusal;
        Tell(await DialAsync(Through(proxy.Port), new IPEndPoint(IPAddress.Loopback, 25))).ShouldBe(expected);
    }

    [Fact]
    public async Task Dial_NobodyListensBehindSocks_IsUnreachable()
    {
        await using var proxy = SocksProxy.Start("127.0.0.7");
        Tell(await DialAsync(Through(proxy.Port), new IPEndPoint(IPAddress.Loopback, ClosedPort()))).ShouldBe("Unreachable@Connect");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("220 hi\r\n")]
    public async Task Dial_ProxySpeaksSomethingElse_IsTheSourcesTrouble(string says)
    {
        await using var proxy = ScriptedServer.Start(SmtpScript.New.Send(says).Silence());
        Tell(await DialAsync(Through(proxy.Port), new IPEndPoint(IPAddress.Loopback, 25))).ShouldBe("SourceUnusable@Connect");
    }

    [Fact]
    public async Task Dial_ProxyIsAway_IsTheSourcesTrouble()
    {
        foreach (var scheme in new[] { "socks5", "proxy-v2" })
        {
            var source = Through($"{scheme}://127.0.0.1:{ClosedPort()}");
            Tell(await DialAsync(source, new IPEndPoint(IPAddress.Loopback, 25))).ShouldBe("SourceUnusable@Connect");
            (await _dialer.ProbeAsync(source, CancellationToken.None).Soon()).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Dial_ProxyClosesMidway_IsTheSourcesTrouble()
    {
        await using var proxy = ScriptedServer.Start(
            SmtpScript.New.Expect("\u0005\u0001\0").Close(), SmtpScript.New.Expect("\u0005\u0001\0").Send("\u0005\0").Close());
        Tell(await DialAsync(Through(proxy.Port), new IPEndPoint(IPAddress.Loopback, 25))).ShouldBe("SourceUnusable@Connect");
        Tell(await DialAsync(Through(proxy.Port), new IPEndPoint(IPAddress.Loopback, 25))).ShouldBe("SourceUnusable@Connect");
    }

    [Fact]
    public async Task Dial_ProxyIsSilent_TimesOutAtItsDoorOrBehindIt()
    {
        await using var proxy = ScriptedServer.Start(
            SmtpScript.New.Expect("\u0005\u0001\0").Silence(), SmtpScript.New.Expect("\u0005\u0001\0").Send("\u0005\0").Silence());
        var source = Through(proxy.Port);
        var atDoor = DialAsync(source, new IPEndPoint(IPAddress.Loopback, 25));
        await _clock.AdvanceUntilAsync(atDoor, TimeSpan.FromSeconds(1));
        Tell(await atDoor).ShouldBe("SourceUnusable@Connect");
        var behind = DialAsync(source, new IPEndPoint(IPAddress.Loopback, 25));
        await _clock.AdvanceUntilAsync(behind, TimeSpan.FromSeconds(1));
        Tell(await behind).ShouldBe("TimedOut@Connect", "the proxy waits for the destination, and so do we");
    }

    [Fact]
    public async Task Probe_ProxyIsSilent_IsBounded()
    {
        await using var proxy = ScriptedServer.Start(SmtpScript.New.Silence());
        var probe = _dialer.ProbeAsync(Through(proxy.Port), CancellationToken.None);
        await _clock.AdvanceUntilAsync(probe, TimeSpan.FromSeconds(1));
        (await probe).ShouldNotBeNull().ShouldContain("timed out");
    }

    [Fact]
    public async Task Dial_ProxyV2_IsToldSourceAndDestinationFirst()
    {
        var target = new IPEndPoint(IPAddress.Parse("192.0.2.25"), 25);
        var header = ProxyHeaderWriter.Write(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), target);
        await using var proxy = ScriptedServer.Start(SmtpScript.New.Swallow(header.Length).Send("220 hi\r\n").ExpectEnd());
        var source = Through($"proxy-v2://127.0.0.1:{proxy.Port}") with { Address = IPAddress.Parse("192.0.2.1") };
        (await BannerAsync(await DialAsync(source, target))).ShouldBe("220 hi\r\n");
        var sent = System.Text.Encoding.Latin1.GetBytes(proxy.Transcripts[0]);
        ProxyHeaderParser.TryParse(new ReadOnlySequence<byte>(sent), out var told, out var length, out _);
        (told, length).ShouldBe((new ProxyHeader.Relayed(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), target), sent.Length));
    }

    [Fact]
    public async Task Dial_Abandoned_IsAbandonedWhereverItStands()
    {
        using var abandon = new CancellationTokenSource();
        await using var proxy = ScriptedServer.Start(
            SmtpScript.New.Expect("\u0005\u0001\0").Do(() => abandon.CancelAsync()).Silence());
        var dialed = await _dialer.DialAsync(Through(proxy.Port), new IPEndPoint(IPAddress.Loopback, 25), abandon.Token).Soon();
        dialed.Trouble!.Kind.ShouldBe(TroubleKind.Abandoned);
    }

    [Theory]
    [InlineData("127.0.0.2", null, true)]
    [InlineData("127.0.0.2", "::1", true)]
    [InlineData("192.0.2.77", null, false)]
    [InlineData("127.0.0.2", "2001:db8::77", false)]
    public async Task Probe_Addresses_MustBeThisNodes(string address, string? address6, bool usable)
    {
        var source = new Source("s", IPAddress.Parse(address), address6 is null ? null : IPAddress.Parse(address6), "s.test");
        var problem = await _dialer.ProbeAsync(source, CancellationToken.None).Soon();
        (problem is null).ShouldBe(usable, problem);
    }

    private Task<Dialed> DialAsync(Source source, IPEndPoint target) => _dialer.DialAsync(source, target, CancellationToken.None).Soon();

    private static Source Through(int port, string? user = null)
    {
        var parts = user?.Split(':');
        var source = Through($"socks5://{(parts is null ? "" : parts[0] + "@")}127.0.0.1:{port}");
        return source with { Proxy = source.Proxy! with { Password = parts?[1] } };
    }

    private static Source Through(string proxy) =>
        EgressProxy.TryParse(proxy, out var parsed) ? new Source("p", null, null, "p.test", parsed) : throw new ArgumentException("no proxy", nameof(proxy));

    private static string Tell(Dialed dialed) => dialed.Trouble is { } trouble ? $"{trouble.Kind}@{trouble.Stage}" : "connected";

    private static async Task<string> BannerAsync(Dialed dialed)
    {
        await using var stream = dialed.Stream ?? throw new InvalidOperationException(dialed.Trouble!.Describe());
        var octets = new byte[8];
        await stream.ReadExactlyAsync(octets).AsTask().Soon();
        return System.Text.Encoding.ASCII.GetString(octets);
    }

    private static int ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
