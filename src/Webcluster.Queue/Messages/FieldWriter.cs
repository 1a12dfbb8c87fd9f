using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Webcluster.Queue.Messages;

/// <summary>
/// Builds a stored record: octets, variable-length counts (LEB128), times (UTC ticks, 8 octets) and length-prefixed UTF-8.
/// Ends with <see cref="Finish"/>.
/// </summary>
internal ref struct FieldWriter
{
    private byte[] _buffer;
    private int _used;

    public FieldWriter(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public void Octet(byte value)
    {
        Reserve(1);
        _buffer[_used++] = value;
    }

    public void Count(int value)
    {
        var rest = (uint)value;
        for (; rest > 0x7F; rest >>= 7)
            Octet((byte)(rest | 0x80));
        Octet((byte)rest);
    }

    public void Time(DateTimeOffset value)
    {
        Reserve(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(_used), value.UtcTicks);
        _used += sizeof(long);
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Count(length);
        Reserve(length);
        _used += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_used));
    }

    public byte[] Finish()
    {
        var record = _buffer.AsSpan(0, _used).ToArray();
        ArrayPool<byte>.Shared.Return(_buffer);
        return record;
    }

    private void Reserve(int octets)
    {
        if (_buffer.Length - _used >= octets)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _used + octets));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
