using System.Net.Security;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Routing;

/// <summary>Where a lane's connections go.</summary>
/// <param name="Hosts">In the order to try them; never empty.</param>
internal sealed record Destination(LaneKey Lane, IReadOnlyList<HostPort> Hosts, TlsPolicy Tls, HostVoucher Voucher)
{
    /// <summary>For hosts that ask who we are; null: nobody is told.</summary>
    public SmtpCredentials? Credentials { get; init; }

    /// <summary>For hosts that ask for a certificate; null: they are shown none.</summary>
    public SslStreamCertificateContext? ClientCertificate { get; init; }

    /// <summary>By a static route: the operator's word, so private networks are allowed.</summary>
    public bool IsConfigured => Voucher == HostVoucher.Operator;

    /// <summary>What the mail that goes there asks of the connection; as long as nobody says otherwise, what the operator's policy
    /// does.</summary>
    public TlsDemand Demand { get => field ?? new TlsDemand(Tls); init; }

    /// <summary>Whose mail goes there, for reports to that domain; empty where it is nobody's in particular.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Do connections of this lane go here? The pool is the mail's: an operator may have moved it to another than the router
    /// names.</summary>
    public bool IsOn(LaneKey lane) => lane.Provider == Lane.Provider && lane.Site == Lane.Site;
}

/// <summary>What we say who we are to a smarthost. Never logged.</summary>
internal sealed record SmtpCredentials(string Username, string Password)
{
    public override string ToString() => Username;
}

/// <summary>What is known of a domain's way: exactly one of the nested records.</summary>
internal abstract record DomainRoute
{
    public sealed record Known(Destination Destination) : DomainRoute;

    /// <summary>Mail for the domain can never be delivered.</summary>
    public sealed record Impossible(EnhancedCode Status, string Explanation) : DomainRoute;

    /// <summary>DNS has no answer at present.</summary>
    public sealed record NotNow(string Explanation) : DomainRoute;
}
