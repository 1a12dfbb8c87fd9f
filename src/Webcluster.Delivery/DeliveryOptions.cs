using System.Net;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Reactions;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.TransportSecurity.TlsReporting;
using Webcluster.Delivery.Wire;

namespace Webcluster.Delivery;

/// <summary>How mail leaves.</summary>
public sealed class DeliveryOptions
{
    /// <summary>TCP port of MX hosts. Default 25 (RFC 5321); another one only where a test or a proxy listens there.</summary>
    public int Port { get; set; } = 25;

    /// <summary>Local IP addresses that connections leave from, at most one IPv4 and one IPv6. Empty: the system's choice. For several,
    /// see sources.</summary>
    public List<string> SourceAddresses { get; set; } = [];

    /// <summary>Connections this node holds open at once, to all sites together. Default 1000: about 100 MB of memory.</summary>
    public int MaxSessions { get; set; } = 1000;

    /// <summary>
    /// Deliveries that one connection claims at a time at most; a slow one claims what it sends in a quarter of a second. Default 20:
    /// enough to hide the queue.
    /// </summary>
    public int ClaimBatch { get; set; } = 20;

    /// <summary>How long a connection without work stays open for the next message. Default 5s (Postfix keeps 2s, KumoMTA 60s).</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Networks (CIDR) that mail may be sent to although they are private, loopback or otherwise not of the Internet.</summary>
    public List<string> AllowedNetworks { get; set; } = [];

    /// <summary>TLS with MX hosts. Default opportunistic (Postfix since 3.11, KumoMTA).</summary>
    public TlsPolicy Tls { get; set; } = TlsPolicy.Opportunistic;

    /// <summary>
    /// Obey TLSA records (DANE, RFC 7672) where DNSSEC vouches for them; needs a validating resolver, on loopback or with
    /// <c>dns.trust_authentic_data</c>. Default true: without such a resolver it does nothing.
    /// </summary>
    public bool Dane { get; set; } = true;

    /// <summary>PEM file of certificate authorities that are believed besides the system's, for MX hosts and policy hosts. Default
    /// none.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>
    /// How long a host whose TLS is broken (no version in common, an alert, no TLS at all) is used without it, where the policy allows. A
    /// handshake that the network cut is made up for without TLS, that one time. Default 3d (KumoMTA's remember_broken_tls).
    /// </summary>
    public TimeSpan RememberBrokenTls { get; set; } = TimeSpan.FromDays(3);

    /// <summary>
    /// Sends 8-bit content also to servers that do not offer 8BITMIME. Default false: such mail fails (RFC 6152 §3), because converting
    /// would break signatures. Many MTAs send it all the same.
    /// </summary>
    public bool SendEightBitAnyway { get; set; }

    /// <summary>What we show a server that asks who we are. A provider, a traffic entry or a route may have another.</summary>
    public ClientCertificateOptions ClientCertificate { get; set; } = new();

    /// <summary>TLS policies of receiving domains.</summary>
    public MtaStsOptions MtaSts { get; set; } = new();

    /// <summary>Reports on TLS to receiving domains.</summary>
    public TlsReportOptions TlsReports { get; set; } = new();

    /// <summary>When to try again.</summary>
    public RetryOptions Retry { get; set; } = new();

    public ReactionOptions Reactions { get; set; } = new();

    /// <summary>How long to wait for a remote server in each state.</summary>
    public SmtpTimeouts Timeouts { get; set; } = new();

    /// <summary>Files that are there and cannot be used.</summary>
    public IEnumerable<(string Key, string Problem)> FileProblems()
    {
        if (File.Exists(CaFile) && TrustedRoots.ProblemOf(CaFile) is { } unusable) yield return ("ca_file", unusable);
    }

    /// <summary>Values that do not fit together or into their range; all of them.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Port is < 1 or > 65535) yield return ("port", "must be 1 to 65535");
        if (MaxSessions is < 1 or > 100_000) yield return ("max_sessions", "must be 1 to 100000");
        if (ClaimBatch is < 1 or > 1000) yield return ("claim_batch", "must be 1 to 1000");
        if (IdleTimeout < TimeSpan.Zero || IdleTimeout > TimeSpan.FromMinutes(5)) yield return ("idle_timeout", "must be 0s to 5m");
        foreach (var address in SourceAddresses)
            if (!IPAddress.TryParse(address, out _))
                yield return ("source_addresses", $"'{address}' is no IP address");
        var addresses = SourceAddresses.Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>();
        if (addresses.GroupBy(address => address.AddressFamily).Any(family => family.Count() > 1))
            yield return ("source_addresses", "may be one IPv4 and one IPv6 address; several need sources");
        foreach (var network in AllowedNetworks)
            if (!IPNetwork.TryParse(network, out _))
                yield return ("allowed_networks", $"'{network}' is no network such as 10.0.0.0/8");
        foreach (var (key, problem) in ClientCertificate.Problems()) yield return ($"client_certificate.{key}", problem);
        foreach (var (key, problem) in MtaSts.Problems()) yield return ($"mta_sts.{key}", problem);
        foreach (var (key, problem) in TlsReports.Problems()) yield return ($"tls_reports.{key}", problem);
        foreach (var (key, problem) in Retry.Problems()) yield return ($"retry.{key}", problem);
        foreach (var (key, problem) in Reactions.Problems()) yield return ($"reactions.{key}", problem);
        foreach (var (key, problem) in Timeouts.Problems()) yield return ($"timeouts.{key}", problem);
    }
}
