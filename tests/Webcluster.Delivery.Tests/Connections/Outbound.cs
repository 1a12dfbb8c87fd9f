using System.Net;
using Microsoft.Extensions.Logging;
using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.Wire;
using Webcluster.Queue.Lanes;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Time;

namespace Webcluster.Delivery.Tests.Connections;

/// <summary>A connector that finds scripted servers on loopback under the name "mx.test", with a clock that stands.</summary>
internal sealed class Outbound
{
    public const string Client = "client.test";

    public Outbound()
    {
        BrokenTls = new BrokenTls(TimeSpan.FromDays(3), Clock, new Logger<BrokenTls>(Log));
        Dialer = new EgressDialer(Timeouts.Connect, Clock);
        Connector = Create([IPNetwork.Parse("127.0.0.0/8")]);
        Dns.Address("mx.test", "127.0.0.1");
    }

    public ManualClock Clock { get; } = new();

    public FakeDns Dns { get; } = new();

    public TestLog Log { get; } = new();

    public BrokenTls BrokenTls { get; }

    public TlsDecider Decider => new(Dns, policies: null, useDane: true, sessions: null);

    public SmtpTimeouts Timeouts { get; } = new();

    public EgressDialer Dialer { get; }

    public SmtpConnector Connector { get; }

    /// <summary>The system's choice of address.</summary>
    public static Source Anywhere { get; } = new("", null, null, Client);

    public SmtpConnector Create(IEnumerable<IPNetwork> allowed) =>
        new(Dns, new NetworkPolicy(allowed, []), new TlsKnowledge(BrokenTls, Decider), Dialer, new ConnectorSettings(Timeouts, Clock) { Roots = Roots });

    /// <summary>Authorities that are believed besides the system's; what is added counts from then on.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2Collection Authorities { get; } = [];

    private TrustedRoots Roots => new(Authorities);

    public static Destination To(int port, TlsPolicy tls = TlsPolicy.None, SmtpCredentials? credentials = null, bool configured = false) =>
        To([new HostPort("mx.test", port, null)], tls, credentials, configured);

    public static Destination To(IReadOnlyList<HostPort> hosts, TlsPolicy tls = TlsPolicy.None, SmtpCredentials? credentials = null,
        bool configured = false) =>
        new(new LaneKey("mx.test", "mx.test", "default"), hosts, tls, configured ? HostVoucher.Operator : HostVoucher.Nobody)
        {
            Credentials = credentials,
        };

    public Task<Opened> OpenAsync(ScriptedServer server, TlsPolicy tls = TlsPolicy.None, SmtpCredentials? credentials = null) =>
        Connector.OpenAsync(To(server.Port, tls, credentials), Anywhere, CancellationToken.None).Soon();
}
