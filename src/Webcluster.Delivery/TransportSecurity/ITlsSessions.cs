namespace Webcluster.Delivery.TransportSecurity;

/// <summary>Is told of every connection that was to be secured. Called often and from many threads: it must not wait.</summary>
internal interface ITlsSessions
{
    void Ended(TlsSession session);
}
