using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Webcluster.Protocol.ProxyProtocol;

/// <summary>Writes headers of version 2 (HAProxy's proxy-protocol.txt, section 2.2) for TCP, without TLVs.</summary>
public static class ProxyHeaderWriter
{
    private const byte Version2Proxy = 0x21;
    private const byte TcpOverIPv4 = 0x11;
    private const byte TcpOverIPv6 = 0x21;

    /// <param name="source">And <paramref name="destination"/>: of one family.</param>
    public static byte[] Write(IPEndPoint source, IPEndPoint destination)
    {
        if (source.AddressFamily != destination.AddressFamily) throw new ArgumentException("addresses of two families", nameof(source));
        byte[] from = source.Address.GetAddressBytes();
        byte[] to = destination.Address.GetAddressBytes();
        var ports = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(ports, (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(ports.AsSpan(2), (ushort)destination.Port);
        var family = source.AddressFamily == AddressFamily.InterNetworkV6 ? TcpOverIPv6 : TcpOverIPv4;
        var length = (byte)(from.Length + to.Length + ports.Length);
        return [.. "\r\n\r\n\0\r\nQUIT\n"u8, Version2Proxy, family, 0, length, .. from, .. to, .. ports];
    }
}
