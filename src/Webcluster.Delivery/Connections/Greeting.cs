using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using System.Buffers;
using Webcluster.Delivery.Routing;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Connections;

/// <summary>
/// From a connected socket to an open connection: banner → EHLO (refused: HELO) → STARTTLS → EHLO again → AUTH. Any refusal on the way is
/// trouble of the connection; it says nothing about a message.
/// </summary>
/// <param name="name">What the client calls itself.</param>
internal sealed class Greeting(SmtpWire wire, string name, ConnectorSettings settings)
{
    public ServerCapabilities Server { get; private set; } = ServerCapabilities.None;

    public Peer Peer(HostPort host, IPEndPoint address) =>
        new(host.Host, address, wire.Tls is { } tls ? $"{Name(tls.SslProtocol)} with {tls.NegotiatedCipherSuite}" : null);

    public async Task<Trouble?> RunAsync(Destination destination, HostPort host, bool useTls)
    {
        var (banner, trouble) = await wire.ReadReplyAsync(Stage.Banner, settings.Timeouts.Banner);
        if (trouble is not null) return trouble;
        if (banner!.Code != 220) return Refusal(Stage.Banner, banner);
        if (await HelloAsync() is { } refused) return refused;
        if (useTls && await SecureAsync(destination.Tls, host) is { } insecure) return insecure;
        return destination.Credentials is { } credentials ? await AuthenticateAsync(credentials) : null;
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

    private async Task<Trouble?> SecureAsync(TlsPolicy policy, HostPort host)
    {
        if (!Server.StartTls)
            return WithoutTls(policy, "TLS is required, but was not offered");
        var (reply, trouble) = await CommandAsync(Stage.StartTls, "STARTTLS\r\n");
        if (trouble is not null) return trouble;
        if (reply!.Code != 220)
            return WithoutTls(policy, "TLS is required, but was refused", reply);
        // rfc3207#4.2: what was learned before the handshake is forgotten.
        return await wire.StartTlsAsync(Options(policy, host), settings.Timeouts.Handshake) ?? await HelloAsync();
    }

    private static Trouble? WithoutTls(TlsPolicy policy, string problem, SmtpReply? reply = null) =>
        policy == TlsPolicy.Opportunistic ? null : new Trouble(Stage.StartTls, TroubleKind.TlsUnavailable, problem, reply);

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

    private static SslClientAuthenticationOptions Options(TlsPolicy policy, HostPort host) => new()
    {
        TargetHost = host.Host,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        // rfc7435: unauthenticated encryption beats none; only a policy that names verification asks more.
        RemoteCertificateValidationCallback = policy == TlsPolicy.Verified ? null : (_, _, _, _) => true,
    };

    private static Trouble Refusal(Stage stage, SmtpReply reply) => new(stage, TroubleKind.Refused, "the server refused", reply);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Name(SslProtocols protocol) => protocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2";
}
