namespace Webcluster.Protocol.Tls;

/// <summary>What a server's hello says of the session.</summary>
internal enum ServerHello
{
    None,
    Invalid,

    /// <summary>TLS 1.2: whether it is resumed shows in what follows.</summary>
    Tls12,

    /// <summary>TLS 1.3: the client is to send another hello (HelloRetryRequest).</summary>
    Retry,

    Tls13,
    Tls13Resumed,
}
