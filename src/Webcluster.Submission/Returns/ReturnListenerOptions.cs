using Webcluster.Submission.Policy;

namespace Webcluster.Submission.Returns;

/// <summary>An address on which reports are taken, from anybody and about this cluster's mail only.</summary>
public sealed class ReturnListenerOptions
{
    /// <summary>"ip:port" to listen on. Default 0.0.0.0:25, where mail servers deliver.</summary>
    public string Address { get; set; } = "0.0.0.0:25";

    /// <summary>Whether STARTTLS is offered, with the certificate of `tls`: start_tls or none. Default start_tls.</summary>
    public ListenerTls Tls { get; set; } = ListenerTls.StartTls;

    /// <summary>Whether every connection begins with a PROXY protocol header: off or required. Default off.</summary>
    public ProxyProtocolMode ProxyProtocol { get; set; }

    /// <summary>Networks (CIDR) of the load balancers, with proxy_protocol: required. Default none.</summary>
    public List<string> ProxyProtocolFrom { get; set; } = [];

    internal SubmissionListenerOptions ToListener() => new()
    {
        Address = Address, Tls = Tls, ProxyProtocol = ProxyProtocol, ProxyProtocolFrom = ProxyProtocolFrom,
    };
}
