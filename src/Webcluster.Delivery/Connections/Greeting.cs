using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.TlsReporting;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Connections;

/// <summary>
/// From a connected socket to an open connection: banner → EHLO (refused: HELO) → STARTTLS → EHLO again → AUTH. Any refusal on the way is
/// trouble of the connection; it says nothing about a message.
/// </summary>
/// <param name="name">What the client calls itself.</param>
internal sealed class Greeting(SmtpWire wire, string name, ConnectorSettings settings)
{
    private CertificateCheck? _check;

    /// <summary>What is known of the connection.</summary>
    public TlsProof Proof => _check?.Proof ?? TlsProof.None;

    /// <summary>What came of securing it; null where it did not come so far.</summary>
    public TlsResult? Result { get; private set; }

    public ServerCapabilities Server { get; private set; } = ServerCapabilities.None;

    public Peer Peer(HostPort host, IPEndPoint address) =>
        new(host.Host, address, wire.Tls is { } tls ? $"{Name(tls.SslProtocol)} with {tls.NegotiatedCipherSuite}" : null);

    public async Task<Trouble?> RunAsync(Way way)
    {
        var (banner, trouble) = await wire.ReadReplyAsync(Stage.Banner, settings.Timeouts.Banner);
        if (trouble is not null) return trouble;
        if (banner!.Code != 220) return Refusal(Stage.Banner, banner);
        if (await HelloAsync() is { } refused) return refused;
        if (way.Decision.UsesTls && await SecureAsync(way) is { } insecure) return insecure;
        return way.Destination.Credentials is { } credentials ? await AuthenticateAsync(credentials) : null;
    }

    private async Task<Trouble?> HelloAsync()
    {
        Server = ServerCapabilities.None;
        var (reply, trouble) = await CommandAsync(Stage.Hello, $"EHLO {name}\r\n");
        if (trouble is not null) return trouble;
        if (reply!.IsPositive)
        {
            Server = ServerCapabilities.Parse(reply);
            return null;
        }

        // rfc5321#3.2: a server that does not know EHLO says 500 or 502; HELO is the way on.
        if (reply.Code is not (500 or 502)) return Refusal(Stage.Hello, reply);
        (reply, trouble) = await CommandAsync(Stage.Hello, $"HELO {name}\r\n");
        return trouble ?? (reply!.IsPositive ? null : Refusal(Stage.Hello, reply));
    }

    private async Task<Trouble?> SecureAsync(Way way)
    {
        var decision = way.Decision;
        if (!Server.StartTls)
            return WithoutTls(decision, "TLS is required, but was not offered");
        var (reply, trouble) = await CommandAsync(Stage.StartTls, "STARTTLS\r\n");
        if (trouble is not null) return trouble;
        if (reply!.Code != 220)
            return WithoutTls(decision, "TLS is required, but was refused", reply);
        // rfc3207#4.2: what was learned before the handshake is forgotten.
        _check = new CertificateCheck(decision, way.Host.Host, settings.Roots);
        trouble = await wire.StartTlsAsync(Options(_check, way), settings.Timeouts.Handshake);
        Result = trouble is null ? _check.Result : _check.Proof == TlsProof.None ? TlsResult.ValidationFailure : _check.Result;
        if (trouble is not null) return Explained(trouble, decision);
        // A handshake that asked nobody about the certificate has proved nothing.
        return decision.IsMetBy(Proof)
            ? await HelloAsync()
            : Explained(new Trouble(Stage.Handshake, TroubleKind.TlsFailed, "unverified"), decision);
    }

    private Trouble? WithoutTls(TlsDecision decision, string problem, SmtpReply? reply = null)
    {
        Result = TlsResult.StartTlsNotSupported;
        return decision.MayGoWithout ? null : new Trouble(Stage.StartTls, TroubleKind.TlsUnavailable, problem, reply);
    }

    // What a domain publishes is named with what failed, because the operator of neither side wrote it into a configuration here.
    private Trouble Explained(Trouble trouble, TlsDecision decision)
    {
        if (trouble.Kind != TroubleKind.TlsFailed || _check!.Proof == TlsProof.None || decision.IsMetBy(_check.Proof)) return trouble;
        var rule = decision.Rule switch { TlsRule.Dane => "DANE: ", TlsRule.Sts => "MTA-STS: ", _ => "" };
        var why = decision.Rule == TlsRule.Dane
            ? "the certificate matches none of the host's TLSA records"
            : $"the certificate is not valid for the host ({TlsResultText.Of(_check.Result)})";
        return trouble with { Detail = rule + why };
    }

    private async Task<Trouble?> AuthenticateAsync(SmtpCredentials credentials)
    {
        if (wire.Tls is null) return new Trouble(Stage.Auth, TroubleKind.TlsUnavailable, "AUTH needs TLS");
        if (Server.AuthMechanisms.Contains("PLAIN"))
            return await LastStepAsync($"AUTH PLAIN {Base64($"\0{credentials.Username}\0{credentials.Password}")}\r\n");
        if (!Server.AuthMechanisms.Contains("LOGIN"))
            return new Trouble(Stage.Auth, TroubleKind.ProtocolError, "the server offers neither AUTH PLAIN nor LOGIN");
        foreach (var line in new[] { "AUTH LOGIN\r\n", $"{Base64(credentials.Username)}\r\n" })
        {
            var (reply, trouble) = await CommandAsync(Stage.Auth, line);
            if (trouble is not null) return trouble;
            if (reply!.Code != 334) return Refusal(Stage.Auth, reply);
        }

        return await LastStepAsync($"{Base64(credentials.Password)}\r\n");

        async Task<Trouble?> LastStepAsync(string line)
        {
            var (reply, trouble) = await CommandAsync(Stage.Auth, line);
            return trouble ?? (reply!.Code == 235 ? null : Refusal(Stage.Auth, reply));
        }
    }

    private ValueTask<WireReply> CommandAsync(Stage stage, string line)
    {
        wire.Output.Write(Encoding.ASCII.GetBytes(line));
        return wire.ReadReplyAsync(stage, settings.Timeouts.Hello);
    }

    private SslClientAuthenticationOptions Options(CertificateCheck check, Way way) => new()
    {
        TargetHost = way.Host.Host,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = TrustedRoots.ChainPolicy(),
        ClientCertificateContext = way.Destination.ClientCertificate,
        // rfc7435: unauthenticated encryption beats none; only a decision that names verification asks more.
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => check.Accept(certificate, chain, errors),
    };

    private static Trouble Refusal(Stage stage, SmtpReply reply) => new(stage, TroubleKind.Refused, "the server refused", reply);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Name(SslProtocols protocol) => protocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2";
}
