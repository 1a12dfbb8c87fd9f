using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Connections;

public sealed class AuthTests : IDisposable
{
    private static readonly SmtpCredentials Credentials = new("user", "pässword");

    private readonly X509Certificate2 _certificate = PeerCertificate.Create("mx.test");

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData("235 2.7.0 welcome", "open")]
    [InlineData("535 5.7.8 no", "Refused@Auth 535")]
    [InlineData("454 4.7.0 later", "Refused@Auth 454")]
    [InlineData("334 more", "Refused@Auth 334")]
    [InlineData("250 odd", "Refused@Auth 250")]
    [InlineData("421 bye", "Refused@Auth 421")]
    public async Task Plain_IsOneLine(string reply, string expected) =>
        (await OpenAsync("AUTH LOGIN PLAIN", script => script.On("AUTH PLAIN AHVzZXIAcMOkc3N3b3Jk\r\n", $"{reply}\r\n")))
            .ShouldBe(expected);

    [Fact]
    public async Task Login_IsThreeLines() =>
        (await OpenAsync("AUTH LOGIN", script => script
            .On("AUTH LOGIN\r\n", "334 VXNlcm5hbWU6\r\n").On("dXNlcg==\r\n", "334 UGFzc3dvcmQ6\r\n").On("cMOkc3N3b3Jk\r\n", "235 ok\r\n")))
            .ShouldBe("open");

    [Fact]
    public async Task Login_RefusedOnTheWay_StopsThere() =>
        (await OpenAsync("AUTH LOGIN", script => script.On("AUTH LOGIN\r\n", "334 VXNlcm5hbWU6\r\n").On("dXNlcg==\r\n", "535 no\r\n")))
            .ShouldBe("Refused@Auth 535");

    [Theory]
    [InlineData("AUTH CRAM-MD5 GSSAPI")]
    [InlineData("SIZE")]
    public async Task NothingUsableOffered_IsTrouble(string keyword) => (await OpenAsync(keyword, script => script))
        .ShouldBe("ProtocolError@Auth");

    [Theory]
    [InlineData(TlsPolicy.None)]
    [InlineData(TlsPolicy.Opportunistic)]
    public async Task PlainText_NoSecretIsSent(TlsPolicy policy)
    {
        await using var server = ScriptedServer.Start(SmtpScript.Greet(Outbound.Client, "AUTH PLAIN LOGIN").ExpectEnd());
        GreetingTests.Tell(await new Outbound().OpenAsync(server, policy, Credentials)).ShouldBe("TlsUnavailable@Auth");
        await server.FinishedAsync();
    }

    [Fact]
    public void Credentials_AreNeverShown() => $"{Credentials}".ShouldBe("user");

    private async Task<string> OpenAsync(string keyword, Func<SmtpScript, SmtpScript> exchange)
    {
        var script = SmtpScript.Greet(Outbound.Client, "STARTTLS").On("STARTTLS\r\n", "220 go\r\n").StartTls(_certificate)
            .On("EHLO client.test\r\n", SmtpScript.EhloReply(keyword));
        await using var server = ScriptedServer.Start(exchange(script).ExpectEnd());
        var opened = await new Outbound().OpenAsync(server, TlsPolicy.Required, Credentials);
        if (opened.Connection is { } connection) await connection.DisposeAsync();
        await server.FinishedAsync();
        return GreetingTests.Tell(opened);
    }
}
