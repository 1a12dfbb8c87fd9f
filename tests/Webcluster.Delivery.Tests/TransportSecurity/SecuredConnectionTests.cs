using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity;

/// <summary>What a domain publishes against what a server shows, over real handshakes.</summary>
public sealed class SecuredConnectionTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Enforce_ValidCertificate_IsOpenAndTrusted()
    {
        using var certificate = _authority.Issue("mx.test");
        (await OpenAsync(Sts("mx.test"), Secured(certificate))).ShouldBe("open Encrypted, Trusted");
    }

    [Fact]
    public async Task Enforce_CertificateOfAnotherName_IsRefusedAndNothingIsSent()
    {
        using var certificate = _authority.Issue("other.test");
        (await OpenAsync(Sts("mx.test"), Failing(certificate)))
            .ShouldBe("TlsFailed@Handshake MTA-STS: the certificate is not valid for the host (certificate-host-mismatch)");
    }

    [Fact]
    public async Task Enforce_ExpiredCertificate_IsRefused()
    {
        using var certificate = _authority.Issue("mx.test", DateTimeOffset.UtcNow.AddDays(-1));
        (await OpenAsync(Sts("mx.test"), Failing(certificate))).ShouldStartWith("TlsFailed@Handshake MTA-STS: ");
    }

    [Fact]
    public async Task Enforce_AnotherHost_IsNotConnectedTo() =>
        (await OpenAsync(Sts("else.test"))).ShouldBe("TlsUnavailable@Policy MTA-STS: the domain's policy does not name mx.test as its mail host");

    [Fact]
    public async Task Enforce_NoTlsOffered_IsNeverPlainText() =>
        (await OpenAsync(Sts("mx.test"), SmtpScript.Greet(Outbound.Client).ExpectEnd())).ShouldStartWith("TlsUnavailable@StartTls");

    [Fact]
    public async Task Testing_CertificateOfAnotherName_IsOpen()
    {
        using var certificate = _authority.Issue("other.test");
        (await OpenAsync(Sts("mx.test", StsMode.Testing), Secured(certificate))).ShouldBe("open Encrypted");
    }

    [Fact]
    public async Task Dane_KeyThatIsPublished_IsOpen()
    {
        using var certificate = PeerCertificate.Create("whatever.test");
        (await OpenAsync(Dane(), Secured(certificate), KeyOf(certificate))).ShouldBe("open Encrypted, Dane");
    }

    [Fact]
    public async Task Dane_AnotherKey_IsRefusedAndNothingIsSent()
    {
        using var certificate = _authority.Issue("mx.test");
        using var other = PeerCertificate.Create("mx.test");
        (await OpenAsync(Dane(), Failing(certificate), KeyOf(other)))
            .ShouldBe("TlsFailed@Handshake DANE: the certificate matches none of the host's TLSA records");
    }

    [Fact]
    public async Task Handshake_CertificateThatCannotBeLookedAt_IsTroubleOfTls()
    {
        using var certificate = PeerCertificate.Create("mx.test");
        await using var server = ScriptedServer.Start(SmtpScript.New.FailTls(certificate).ExpectEnd());
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        await using var wire = new SmtpWire(socket.GetStream(), TimeProvider.System);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "mx.test", RemoteCertificateValidationCallback = (_, _, _, _) => throw new CryptographicException("odd"),
        };

        (await wire.StartTlsAsync(options, TimeSpan.FromMinutes(1))).ShouldBe(new Trouble(Stage.Handshake, TroubleKind.TlsFailed, "odd"));
    }

    private static TlsDemand Sts(string mx, StsMode mode = StsMode.Enforce) =>
        new(TlsPolicy.Opportunistic, Sts: new StsPolicy(mode, [mx], TimeSpan.FromDays(1)));

    private static TlsDemand Dane() => new(TlsPolicy.Opportunistic, IsMxAuthentic: true);

    private static TlsaRecord KeyOf(X509Certificate2 certificate) =>
        new(3, 1, 1, SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static SmtpScript Secured(X509Certificate2 certificate) => SmtpScript.Greet(Outbound.Client, "STARTTLS")
        .On("STARTTLS\r\n", "220 go\r\n").StartTls(certificate).On("EHLO client.test\r\n", SmtpScript.EhloReply()).ExpectEnd();

    private static SmtpScript Failing(X509Certificate2 certificate) =>
        SmtpScript.Greet(Outbound.Client, "STARTTLS").On("STARTTLS\r\n", "220 go\r\n").FailTls(certificate).ExpectEnd();

    private Outbound Trusting()
    {
        var outbound = new Outbound { Dns = { IsSigned = true } };
        outbound.Authorities.Add(_authority.Certificate);
        return outbound;
    }

    private async Task<string> OpenAsync(TlsDemand demand, SmtpScript? script = null, TlsaRecord? published = null)
    {
        await using var server = script is null ? ScriptedServer.Start() : ScriptedServer.Start(script);
        var outbound = Trusting();
        if (published is not null) outbound.Dns.Tlsa($"_{server.Port}._tcp.mx.test", published);
        var told = await TellAsync(outbound, server.Port, demand);
        await server.FinishedAsync();
        return told;
    }

    private static async Task<string> TellAsync(Outbound outbound, int port, TlsDemand demand)
    {
        var destination = Outbound.To(port, TlsPolicy.Opportunistic) with { Demand = demand };
        var opened = await outbound.Connector.OpenAsync(destination, Outbound.Anywhere, CancellationToken.None).Soon();
        if (opened.Connection is not { } connection) return $"{GreetingTests.Tell(opened)} {opened.Trouble!.Detail}";
        await connection.DisposeAsync();
        return $"open {connection.Host.Proof}";
    }
}
