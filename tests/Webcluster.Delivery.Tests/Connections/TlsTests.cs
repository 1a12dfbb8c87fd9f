using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Webcluster.Delivery.Connections;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Connections;

public sealed class TlsTests : IDisposable
{
    private const string Ehlo = "EHLO client.test\r\n";
    private const string StartTls = "STARTTLS\r\n";
    private const string Ready = "220 go\r\n";

    private readonly X509Certificate2 _certificate = PeerCertificate.Create("mx.test");

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData(TlsPolicy.Opportunistic)]
    [InlineData(TlsPolicy.Required)]
    public async Task Offered_IsUsedWithAnyCertificate(TlsPolicy policy)
    {
        var (told, peer) = await OpenAsync(policy, Secured(_certificate));
        told.ShouldBe("open");
        peer!.Tls.ShouldStartWith("TLSv1.3 with TLS_");
    }

    [Fact]
    public async Task Offered_ExpiredOrOfAnotherName_IsGoodEnoughWithoutVerification()
    {
        using var expired = PeerCertificate.Create("mx.test", DateTimeOffset.UtcNow.AddDays(-1));
        using var other = PeerCertificate.Create("other.test");
        (await OpenAsync(TlsPolicy.Opportunistic, Secured(expired))).Told.ShouldBe("open");
        (await OpenAsync(TlsPolicy.Required, Secured(other))).Told.ShouldBe("open");
    }

    [Fact]
    public async Task Offered_PolicyNone_IsNotUsed() =>
        (await OpenAsync(TlsPolicy.None, SmtpScript.Greet(Outbound.Client, "STARTTLS").ExpectEnd())).Told.ShouldBe("open");

    [Theory]
    [InlineData(TlsPolicy.Opportunistic, "open")]
    [InlineData(TlsPolicy.Required, "TlsUnavailable@StartTls")]
    [InlineData(TlsPolicy.Verified, "TlsUnavailable@StartTls")]
    public async Task NotOffered_DependsOnPolicy(TlsPolicy policy, string expected) =>
        (await OpenAsync(policy, SmtpScript.Greet(Outbound.Client).ExpectEnd())).Told.ShouldBe(expected);

    [Theory]
    [InlineData(TlsPolicy.Opportunistic, "open")]
    [InlineData(TlsPolicy.Required, "TlsUnavailable@StartTls 454")]
    [InlineData(TlsPolicy.Verified, "TlsUnavailable@StartTls 454")]
    public async Task CommandRefused_DependsOnPolicy(TlsPolicy policy, string expected) =>
        (await OpenAsync(policy, SmtpScript.Greet(Outbound.Client, "STARTTLS").On(StartTls, "454 4.7.0 not now\r\n").ExpectEnd()))
            .Told.ShouldBe(expected);

    [Fact]
    public async Task Verified_CertificateOfNobody_IsRefusedAndNothingIsSent()
    {
        var script = SmtpScript.Greet(Outbound.Client, "STARTTLS").On(StartTls, Ready).FailTls(_certificate).ExpectEnd();
        (await OpenAsync(TlsPolicy.Verified, script)).Told.ShouldBe("TlsFailed@Handshake");
    }

    [Theory]
    [InlineData(TlsPolicy.Opportunistic)]
    [InlineData(TlsPolicy.Required)]
    public async Task Injection_AfterStartTls_AbortsUnderEveryPolicy(TlsPolicy policy) =>
        // CVE-2021-38371
        (await OpenAsync(policy, SmtpScript.Greet(Outbound.Client, "STARTTLS").On(StartTls, Ready + "250 injected\r\n").ExpectEnd()))
            .Told.ShouldBe("ProtocolError@StartTls");

    [Fact]
    public async Task Capabilities_LearnedInPlainText_AreForgotten()
    {
        // rfc3207#4.2
        var script = SmtpScript.Greet(Outbound.Client, "STARTTLS", "PIPELINING", "8BITMIME").On(StartTls, Ready).StartTls(_certificate);
        await using var server =
            ScriptedServer.Start(script.On(Ehlo, "502 what?\r\n").On("HELO client.test\r\n", "250 mx\r\n").ExpectEnd());
        await using var connection = (await new Outbound().OpenAsync(server, TlsPolicy.Required)).Connection!;
        (connection.Server.Pipelining, connection.Server.EightBitMime, connection.Server.StartTls).ShouldBe((false, false, false));
        await connection.DisposeAsync();
        await server.FinishedAsync();
    }

    public static TheoryData<string> BrokenHandshakes => ["garbage", "old versions"];

    public static TheoryData<string> CutHandshakes => ["closed", "reset"];

    [Theory]
    [MemberData(nameof(BrokenHandshakes))]
    public async Task Opportunistic_BrokenHandshake_GoesOnWithoutAndRemembers(string how)
    {
        await using var server = ScriptedServer.Start(
            Broken(how), SmtpScript.Greet(Outbound.Client, "STARTTLS").ExpectEnd(), SmtpScript.Greet(Outbound.Client, "STARTTLS")
                .ExpectEnd(), Secured(_certificate));
        var outbound = new Outbound();
        // Once more on the same address; then, remembered, at once.
        (await OpenOnceAsync(outbound, server, TlsPolicy.Opportunistic)).Told.ShouldBe("open");
        outbound.BrokenTls.Contains("mx.test").ShouldBeTrue();
        outbound.Log.Entries.ShouldHaveSingleItem().Id.ShouldBe(3053);
        (await OpenOnceAsync(outbound, server, TlsPolicy.Opportunistic)).Told.ShouldBe("open");
        outbound.Clock.Advance(TimeSpan.FromDays(3));
        var (told, peer) = await OpenOnceAsync(outbound, server, TlsPolicy.Opportunistic);
        told.ShouldBe("open");
        peer!.Tls.ShouldNotBeNull("three days are over");
        await server.FinishedAsync();
    }

    [Theory]
    [MemberData(nameof(CutHandshakes))]
    public async Task Opportunistic_CutHandshake_GoesOnWithoutAndTheNextUsesTls(string how)
    {
        await using var server = ScriptedServer.Start(
            Broken(how), SmtpScript.Greet(Outbound.Client, "STARTTLS").ExpectEnd(), Secured(_certificate));
        var outbound = new Outbound();
        var (told, peer) = await OpenOnceAsync(outbound, server, TlsPolicy.Opportunistic);
        (told, peer!.Tls).ShouldBe(("open", null));
        (told, peer) = await OpenOnceAsync(outbound, server, TlsPolicy.Opportunistic);
        told.ShouldBe("open");
        peer!.Tls.ShouldNotBeNull("a lost connection says nothing of the server's TLS");
        outbound.Log.Entries.ShouldBeEmpty();
        await server.FinishedAsync();
    }

    [Theory]
    [MemberData(nameof(BrokenHandshakes))]
    public async Task Required_BrokenHandshake_IsNeverWithout(string how) =>
        (await OpenAsync(TlsPolicy.Required, Broken(how))).Told.ShouldBe("TlsFailed@Handshake");

    [Theory]
    [MemberData(nameof(CutHandshakes))]
    public async Task Required_CutHandshake_IsNeverWithout(string how) =>
        (await OpenAsync(TlsPolicy.Required, Broken(how))).Told.ShouldBe("ConnectionLost@Handshake");

    [Fact]
    public async Task Required_RememberedAsBroken_StillAsksForTls()
    {
        await using var server = ScriptedServer.Start(Secured(_certificate));
        var outbound = new Outbound();
        outbound.BrokenTls.Add("mx.test", "no");
        (await OpenOnceAsync(outbound, server, TlsPolicy.Required)).Peer!.Tls.ShouldNotBeNull();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Handshake_Silent_TimesOutAndGoesOnWithout()
    {
        var hello = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(
            SmtpScript.Greet(Outbound.Client, "STARTTLS").On(StartTls, Ready).Swallow().Signal(hello).Silence(),
                SmtpScript.Greet(Outbound.Client).ExpectEnd());
        var outbound = new Outbound();
        var opening = OpenOnceAsync(outbound, server, TlsPolicy.Opportunistic);
        await hello.Task.Soon();
        // One step of a minute: the time-outs of the second connection are longer or not yet armed.
        outbound.Clock.Advance(TimeSpan.FromMinutes(1));
        (await opening.Soon()).Told.ShouldBe("open");
        outbound.BrokenTls.Contains("mx.test").ShouldBeFalse("it may be this node that was slow");
        await server.FinishedAsync();
    }

    internal static SmtpScript Secured(X509Certificate2 certificate, params string[] keywords) =>
        SmtpScript.Greet(Outbound.Client, "STARTTLS").On(StartTls, Ready).StartTls(certificate).On(Ehlo, SmtpScript.EhloReply(keywords))
            .ExpectEnd();

    private SmtpScript Broken(string how)
    {
        var script = SmtpScript.Greet(Outbound.Client, "STARTTLS").On(StartTls, Ready);
#pragma warning disable CA5397, SYSLIB0039 // Such servers are what this is about.
        return how switch
        {
            "garbage" => script.Swallow().Send("\x16\x03\x03\x00\x05hello, this is no handshake").Close(),
            "closed" => script.Swallow().Close(),
            "reset" => script.Swallow().Reset(),
            "old versions" => script.FailTls(_certificate, SslProtocols.Tls11).ExpectEnd(),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };
#pragma warning restore CA5397, SYSLIB0039
    }

    private static async Task<(string Told, Peer? Peer)> OpenAsync(TlsPolicy policy, SmtpScript script)
    {
        await using var server = ScriptedServer.Start(script);
        var result = await OpenOnceAsync(new Outbound(), server, policy);
        await server.FinishedAsync();
        return result;
    }

    private static async Task<(string Told, Peer? Peer)> OpenOnceAsync(Outbound outbound, ScriptedServer server, TlsPolicy policy)
    {
        var opened = await outbound.OpenAsync(server, policy);
        if (opened.Connection is { } connection) await connection.DisposeAsync();
        return (GreetingTests.Tell(opened), opened.Connection?.Peer);
    }
}
