using System.Buffers.Binary;

namespace Webcluster.Protocol.Dns;

/// <summary>
/// Reads a message from front to back. Every method returns false, and nothing else happens, where the octets do not suffice.
/// </summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    public readonly int Position => _at;

    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_message[_at..], out value)) return false;
        _at += 2;
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_message[_at..], out value)) return false;
        _at += 4;
        return true;
    }

    public bool TryReadOctets(int count, out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if (count > _message.Length - _at) return false;
        octets = _message.Slice(_at, count);
        _at += count;
        return true;
    }

    public bool TryReadName(out string name) => DnsName.TryRead(_message, ref _at, out name);
}
