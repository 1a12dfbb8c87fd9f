using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity;

/// <summary>TLS sessions of before are resumed, and a resumed one is checked like any other. Each test has a host of its own: the platform
/// keeps sessions by host.</summary>
public sealed class ResumedSessionTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly string _host = $"mx-{Guid.NewGuid():N}.test";

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Enforce_SecondConnection_ResumesAndIsVerified(SslProtocols version)
    {
        using var certificate = _authority.Issue(_host);
        (await TellAsync(Trusting(), [Sts(), Sts(), Sts()], Secured(certificate, version)))
            .ShouldBe(["open Encrypted, Trusted", "open Encrypted, Trusted resumed", "open Encrypted, Trusted resumed"]);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task SessionThatNobodyVerified_IsNotEnoughForWhoAsksForMore(SslProtocols version, bool isDane)
    {
        using var certificate = _authority.Forge(_host);
        using var published = _authority.Issue(_host);
        var (any, more) = (new TlsDemand(TlsPolicy.Opportunistic), isDane ? Dane() : Sts());
        (await TellAsync(Trusting(), [any, any, more], Secured(certificate, version), failsAt: 2, isDane ? published : null))
            .ShouldBe(["open Encrypted", "open Encrypted resumed", "TlsFailed"]);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Dane_SecondConnection_ResumesAndIsChecked(SslProtocols version)
    {
        using var certificate = PeerCertificate.Create(_host);
        (await TellAsync(Trusting(), [Dane(), Dane()], Secured(certificate, version), published: certificate))
            .ShouldBe(["open Encrypted, Dane", "open Encrypted, Dane resumed"]);
    }

    private TlsDemand Sts() => new(TlsPolicy.Opportunistic, Sts: new StsPolicy(StsMode.Enforce, [_host], TimeSpan.FromDays(1)));

    private static TlsDemand Dane() => new(TlsPolicy.Opportunistic, IsMxAuthentic: true);

    private static Func<bool, SmtpScript> Secured(X509Certificate2 certificate, SslProtocols version) => fails =>
    {
        var script = SmtpScript.Greet(Outbound.Client, "STARTTLS").On("STARTTLS\r\n", "220 go\r\n");
        return fails
            ? script.StartTls(certificate, version).ExpectEnd()
            : script.StartTls(certificate, version).On("EHLO client.test\r\n", SmtpScript.EhloReply()).ExpectEnd();
    };

    private Outbound Trusting()
    {
        var outbound = new Outbound { Dns = { IsSigned = true } };
        outbound.Dns.Address(_host, "127.0.0.1");
        outbound.Authorities.Add(_authority.Certificate);
        return outbound;
    }

    /// <summary>One connection after the other to one server, each for other mail.</summary>
    private async Task<List<string>> TellAsync(
        Outbound outbound, TlsDemand[] demands, Func<bool, SmtpScript> script, int failsAt = -1, X509Certificate2? published = null)
    {
        await using var server = ScriptedServer.Start([.. demands.Index().Select(demand => script(demand.Index == failsAt))]);
        if (published is not null)
        {
            var key = SHA256.HashData(published.PublicKey.ExportSubjectPublicKeyInfo());
            outbound.Dns.Tlsa($"_{server.Port}._tcp.{_host}", new TlsaRecord(3, 1, 1, key));
        }

        var told = new List<string>();
        foreach (var demand in demands)
        {
            var destination = Outbound.To([new HostPort(_host, server.Port, null)], TlsPolicy.Opportunistic) with { Demand = demand };
            var opened = await outbound.Connector.OpenAsync(destination, Outbound.Anywhere, CancellationToken.None).Soon();
            told.Add(Tell(opened));
            if (opened.Connection is { } connection) await connection.DisposeAsync();
        }

        await server.FinishedAsync();
        return told;
    }

    private static string Tell(Opened opened) => opened.Connection is { } connection
        ? $"open {connection.Host.Proof}{(connection.Wire.IsResumed == true ? " resumed" : "")}"
        : $"{opened.Trouble!.Kind}";
}
