using System.Net;
using Webcluster.Submission.Listeners;

namespace Webcluster.Submission.Sessions;

/// <summary>Who is connected, and where. Does not change during a session.</summary>
/// <param name="Address">IPv4 in its own form, not mapped into IPv6.</param>
/// <param name="IsTrusted">In one of the listener's trusted networks.</param>
internal sealed record SessionClient(ListenerPolicy Listener, IPAddress Address, bool IsTrusted)
{
    public static SessionClient Of(ListenerPolicy listener, EndPoint? remote)
    {
        var address = (remote as IPEndPoint)?.Address ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return new SessionClient(listener, address, listener.Trusts(address));
    }

    // rfc4954#4: never in the clear, but on loopback where the operator says so.
    public bool MayAuthenticate(bool underTls) => underTls || (Listener.AllowPlainAuth && IPAddress.IsLoopback(Address));

    public bool OffersStartTls(bool underTls) => !underTls && Listener.Tls == ListenerTls.StartTls;
}
