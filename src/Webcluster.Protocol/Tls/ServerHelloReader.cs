using System.Buffers.Binary;

namespace Webcluster.Protocol.Tls;

/// <summary>Reads a ServerHello (RFC 8446 §4.1.3, RFC 5246 §7.4.1.3).</summary>
internal static class ServerHelloReader
{
    private const int VersionLength = 2, RandomLength = 32, CipherAndCompression = 3;
    private const ushort PreSharedKey = 41, SupportedVersions = 43, Tls13 = 0x0304;

    // rfc8446#4.1.3: SHA-256 of "HelloRetryRequest" in the place of the random octets.
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    public static ServerHello Read(ReadOnlySpan<byte> hello)
    {
        if (hello.Length <= VersionLength + RandomLength) return ServerHello.Invalid;
        var isRetry = hello.Slice(VersionLength, RandomLength).SequenceEqual(RetryRandom);
        var head = VersionLength + RandomLength + 1 + hello[VersionLength + RandomLength] + CipherAndCompression;
        if (hello.Length < head) return ServerHello.Invalid;
        if (hello.Length == head) return ServerHello.Tls12;
        if (!TryReadExtensions(hello[head..], out var is13, out var isResumed)) return ServerHello.Invalid;
        if (!is13) return ServerHello.Tls12;
        return isRetry ? ServerHello.Retry : isResumed ? ServerHello.Tls13Resumed : ServerHello.Tls13;
    }

    // rfc8446#4.2.11: the server answers with pre_shared_key if it takes the one offered, and only then.
    private static bool TryReadExtensions(ReadOnlySpan<byte> field, out bool is13, out bool isResumed)
    {
        is13 = isResumed = false;
        if (field.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(field) != field.Length - 2) return false;
        var rest = field[2..];
        while (rest.Length >= 4)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(rest);
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length > rest.Length - 4) return false;
            if (type == SupportedVersions) is13 = length == 2 && BinaryPrimitives.ReadUInt16BigEndian(rest[4..]) == Tls13;
            if (type == PreSharedKey) isResumed = true;
            rest = rest[(4 + length)..];
        }

        return rest.IsEmpty;
    }
}
