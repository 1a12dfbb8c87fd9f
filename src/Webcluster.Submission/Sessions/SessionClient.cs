using System.Net;
using Webcluster.Protocol.ProxyProtocol;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Policy;

namespace Webcluster.Submission.Sessions;

/// <summary>Who is connected, and where. Does not change during a session.</summary>
/// <param name="Address">IPv4 in its own form, not mapped into IPv6.</param>
/// <param name="IsTrusted">In one of the listener's trusted networks.</param>
/// <param name="IsOnLoopback">No octet of the connection leaves this machine.</param>
internal sealed record SessionClient(ListenerPolicy Listener, IPAddress Address, bool IsTrusted, bool IsOnLoopback)
{
    /// <summary>Who connected without a proxy.</summary>
    public static SessionClient Of(ListenerPolicy listener, EndPoint? remote)
    {
        var address = AddressOf(remote);
        return new SessionClient(listener, address, listener.Trusts(address), IPAddress.IsLoopback(address));
    }

    /// <summary>
    /// Whom a proxy names. Where it names nobody, its own address stands for the client in logs and limits, and opens nothing: whoever it
    /// is may come from anywhere.
    /// </summary>
    public static SessionClient Behind(ListenerPolicy listener, IPAddress proxy, ProxyHeader header)
    {
        if (header is not ProxyHeader.Relayed { Source.Address: var address }) return new SessionClient(listener, proxy, false, false);
        var isOnLoopback = IPAddress.IsLoopback(address) && IPAddress.IsLoopback(proxy);
        return new SessionClient(listener, address, listener.Trusts(address), isOnLoopback);
    }

    public static IPAddress AddressOf(EndPoint? remote)
    {
        var address = (remote as IPEndPoint)?.Address ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>Whom its mail belongs to as long as it has not authenticated; null: it must.</summary>
    public AuthenticatedPrincipal? Principal => IsTrusted ? Listener.TrustedPrincipal : Listener.Stranger;

    // rfc4954#4: never in the clear, but on loopback where the operator says so.
    public bool MayAuthenticate(bool underTls) => Listener.Stranger is null && (underTls || (Listener.AllowPlainAuth && IsOnLoopback));

    public bool OffersStartTls(bool underTls) => !underTls && Listener.Tls == ListenerTls.StartTls;
}
