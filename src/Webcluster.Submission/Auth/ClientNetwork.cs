using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Webcluster.Submission.Auth;

/// <summary>What counts as one client: an IPv4 address, or an IPv6 /64, because whoever has one address of a /64 has them all.</summary>
internal readonly record struct ClientNetwork(bool IsIPv6, ulong Prefix)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsIPv6 ? 6 : 4)}:{Prefix:x}");

    public static ClientNetwork Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new ClientNetwork(true, BinaryPrimitives.ReadUInt64BigEndian(octets))
            : new ClientNetwork(false, BinaryPrimitives.ReadUInt32BigEndian(octets));
    }
}
