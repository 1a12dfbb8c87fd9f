using System.Net;

namespace Webcluster.Delivery.Connections;

/// <summary>Who is at the other end of a connection, for logs and DSNs.</summary>
/// <param name="Tls">"TLSv1.3 with TLS_AES_256_GCM_SHA384", or null on plain text.</param>
internal sealed record Peer(string Host, IPEndPoint Address, string? Tls)
{
    public override string ToString() => $"{Host}[{Address.Address}]:{Address.Port}";
}
