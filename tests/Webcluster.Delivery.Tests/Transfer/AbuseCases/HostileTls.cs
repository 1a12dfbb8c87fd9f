using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Tests.Pump;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.TestKit.Peers;

namespace Webcluster.Delivery.Tests.Transfer.AbuseCases;

/// <summary>Servers, and those between, that would rather have plain text. MTA-STS and DANE are not built yet: there is no policy of theirs
/// to keep.</summary>
internal static class HostileTls
{
    public static async Task InjectsAfterStartTls()
    {
        var script = SmtpScript.Greet(Outbound.Client, "STARTTLS").On("STARTTLS\r\n", "220 go\r\n250 injected\r\n").ExpectEnd();
        (await OpenAsync(TlsPolicy.Opportunistic, script)).ShouldBe("ProtocolError@StartTls");
    }

    public static async Task DoesNotOfferIt()
    {
        (await OpenAsync(TlsPolicy.Required, Server.Greet().ExpectEnd())).ShouldBe("TlsUnavailable@StartTls");
        (await OpenAsync(TlsPolicy.Verified, Server.Greet().ExpectEnd())).ShouldBe("TlsUnavailable@StartTls");
        (await OpenAsync(TlsPolicy.Opportunistic, Server.Greet().ExpectEnd())).ShouldBe("open");
    }

    public static async Task BreaksTheHandshake()
    {
        using var certificate = PeerCertificate.Create("other.test", DateTimeOffset.UtcNow.AddDays(-1));
        // Expired, and of another name.
        (await OpenAsync(TlsPolicy.Opportunistic, TlsTests.Secured(certificate))).ShouldBe("open");
        (await OpenAsync(TlsPolicy.Verified, Broken().FailTls(certificate).ExpectEnd())).ShouldBe("TlsFailed@Handshake");
        (await OpenAsync(TlsPolicy.Required, Broken().Swallow().Send("no handshake").Close())).ShouldBe("TlsFailed@Handshake");
        (await OpenAsync(TlsPolicy.Opportunistic, Broken().Swallow().Send("no handshake").Close(), Server.Greet().ExpectEnd()))
            .ShouldBe("open");
    }

    private static SmtpScript Broken() => SmtpScript.Greet(Outbound.Client, "STARTTLS").On("STARTTLS\r\n", "220 go\r\n");

    private static async Task<string> OpenAsync(TlsPolicy policy, params SmtpScript[] scripts)
    {
        await using var server = ScriptedServer.Start(scripts);
        var opened = await new Outbound().OpenAsync(server, policy);
        if (opened.Connection is { } connection) await connection.DisposeAsync();
        await server.FinishedAsync();
        return GreetingTests.Tell(opened);
    }
}
