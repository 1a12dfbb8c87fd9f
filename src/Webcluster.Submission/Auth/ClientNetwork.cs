using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Webcluster.Submission.Auth;

/// <summary>What counts as one client: an IPv4 address, or an IPv6 /64, because whoever has one address of a /64 has them all.</summary>
internal readonly record struct ClientNetwork(bool IsIPv6, ulong Prefix)
{
    /// <param name="address">IPv4 in its own form, not mapped into IPv6.</param>
    public static ClientNetwork Of(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new ClientNetwork(true, BinaryPrimitives.ReadUInt64BigEndian(octets))
            : new ClientNetwork(false, BinaryPrimitives.ReadUInt32BigEndian(octets));
    }
}
